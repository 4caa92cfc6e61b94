package dev.nightfuse.training.loss;

import dev.nightfuse.training.torch.Convolutions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Fixed derivative filters on {@code [N, 1, H, W]}, in the precision of their argument. */
final class Derivatives {

  private static final float[] SOBEL = {
    -1, 0, 1, -2, 0, 2, -1, 0, 1, //
    1, 2, 1, 0, 0, 0, -1, -2, -1
  };

  private static final float[] LAPLACIAN = {1, 1, 1, 1, -8, 1, 1, 1, 1};

  /** Smoothing and second difference of 5 taps; their outer products are the filters below. */
  private static final float[] BINOMIAL = {1, 4, 6, 4, 1};

  private static final float[] CURVATURE = {-1, 0, 2, 0, -1};
  private static final float[] SLOPE = {1, 2, 0, -2, -1};

  private Derivatives() {}

  /** {@code [N, 2, H, W]}: along x and along y, zeros beyond the border. */
  static Tensor sobel(Tensor x) {
    return filter(x, SOBEL, 2, 3, 1);
  }

  /**
   * {@link #sobel} where a pixel has all its neighbours, {@code [N, 2, H - 2, W - 2]}. With zeros
   * beyond it the border is the strongest edge of any picture: where a loss asks for the stronger
   * edge, a network draws a line along the border.
   */
  static Tensor sobelInside(Tensor x) {
    return sobel(x).narrow(2, 1, x.size(2) - 2).narrow(3, 1, x.size(3) - 2);
  }

  /** {@code |Sx| + |Sy|}, the size of the gradient as both authors' code measures it. */
  static Tensor magnitude(Tensor sobel) {
    return sobel.abs().sum(new long[] {1}, true, null);
  }

  /** Eight neighbours against the centre, signed, zeros beyond the border. */
  static Tensor laplacian(Tensor x) {
    return filter(x, LAPLACIAN, 1, 3, 1);
  }

  /**
   * {@code |xx| + |xy| + |yy|} of the 5x5 second-order Sobel filters, each scaled to absolute sum
   * 1, the border repeated: kornia's {@code spatial_gradient(order=2)}.
   */
  static Tensor secondOrderMagnitude(Tensor x) {
    float[] xx = outer(BINOMIAL, CURVATURE);
    float[] xy = outer(SLOPE, SLOPE);
    float[] yy = outer(CURVATURE, BINOMIAL);
    float[] all = new float[75];
    System.arraycopy(xx, 0, all, 0, 25);
    System.arraycopy(xy, 0, all, 25, 25);
    System.arraycopy(yy, 0, all, 50, 25);
    Tensor padded = torch.replication_pad2d(x, 2, 2, 2, 2);
    return filter(padded, all, 3, 5, 0).abs().sum(new long[] {1}, true, null);
  }

  /** L1 norm of the difference of each pixel's vector, mean over pixels. */
  static Tensor distance(Tensor a, Tensor b) {
    return a.sub(b).abs().sum(1).mean();
  }

  /** Column times row, scaled to absolute sum 1. */
  private static float[] outer(float[] column, float[] row) {
    float[] product = new float[column.length * row.length];
    float sum = 0;
    for (int i = 0; i < product.length; i++) {
      product[i] = column[i / row.length] * row[i % row.length];
      sum += Math.abs(product[i]);
    }
    for (int i = 0; i < product.length; i++) {
      product[i] /= sum;
    }
    return product;
  }

  private static Tensor filter(Tensor x, float[] weights, int out, int side, int padding) {
    Tensor kernel = Tensor.create(weights, out, 1, side, side).to(x.device(), x.scalar_type());
    long[] one = {1, 1};
    return Convolutions.of(
        x, kernel, new TensorOptional(), one, new long[] {padding, padding}, one, 1);
  }
}

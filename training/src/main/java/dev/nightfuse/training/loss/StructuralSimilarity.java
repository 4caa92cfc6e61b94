package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * SSIM with a uniform window of 7 pixels, as the evaluation measures it, with a gradient; at every
 * second position, which has the same mean and costs a quarter.
 */
public final class StructuralSimilarity {

  private static final long[] WINDOW = {7, 7};
  private static final long[] STEP = {2, 2};
  private static final double SAMPLES = 49.0 / 48;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;

  private StructuralSimilarity() {}

  /** Pictures {@code [N, 1, H, W]} in 0 to 1; {@code [N]}, the means over all windows inside. */
  public static Tensor of(Tensor a, Tensor b) {
    Tensor meanA = mean(a);
    Tensor meanB = mean(b);
    Tensor both = meanA.mul(meanB);
    Tensor squares = meanA.mul(meanA).add(meanB.mul(meanB));
    Tensor covariance = Tensors.times(mean(a.mul(b)).sub(both), SAMPLES);
    Tensor variances = Tensors.times(mean(a.mul(a).add(b.mul(b))).sub(squares), SAMPLES);
    Tensor above =
        Tensors.times(both, 2)
            .add(Tensors.scalar(C1))
            .mul(Tensors.times(covariance, 2).add(Tensors.scalar(C2)));
    Tensor below = squares.add(Tensors.scalar(C1)).mul(variances.add(Tensors.scalar(C2)));
    return Tensors.meanPerPicture(torch.div(above, below));
  }

  private static Tensor mean(Tensor x) {
    return torch.avg_pool2d(x, WINDOW, STEP, new long[] {0, 0}, false, true, null);
  }
}

package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Share of the sources' edges that the fused picture keeps in strength and direction: Xydeas and
 * Petrovic's Qabf, with a gradient. Strength is compared with a gentler curve than the metric's, so
 * that an edge that is lost altogether still pulls; the outermost pixels are left out.
 */
public final class EdgeTransfer {

  private static final double STRENGTH_SLOPE = 8;
  private static final double DIRECTION_SLOPE = 12;
  private static final double EPSILON = 1e-6;

  private EdgeTransfer() {}

  /** All {@code [N, 1, H, W]} in 0 to 1; {@code [N]}, about 1 where every edge is kept. */
  public static Tensor of(Tensor fused, Tensor visible, Tensor infrared) {
    Tensor f = Derivatives.sobelInside(fused);
    Tensor v = Derivatives.sobelInside(visible);
    Tensor i = Derivatives.sobelInside(infrared);
    Tensor sizeF = size(f);
    Tensor sizeV = size(v);
    Tensor sizeI = size(i);
    Tensor kept = kept(f, sizeF, v, sizeV).mul(sizeV).add(kept(f, sizeF, i, sizeI).mul(sizeI));
    return torch.div(Tensors.sumPerPicture(kept), Tensors.sumPerPicture(sizeV.add(sizeI)));
  }

  private static Tensor kept(Tensor f, Tensor sizeF, Tensor source, Tensor sizeSource) {
    Tensor strength = torch.div(torch.minimum(sizeF, sizeSource), torch.maximum(sizeF, sizeSource));
    // The cosine of the angle between the two lines, whichever way they point.
    Tensor cosine = torch.div(f.mul(source).sum(1).unsqueeze(1).abs(), sizeF.mul(sizeSource));
    // 1 - angle / 90 degrees is close to 1 - 0.9 sqrt(1 - cosine) near equal directions.
    Tensor apart =
        Tensors.times(cosine.clamp_max(Tensors.scalar(1)), -1)
            .add(Tensors.scalar(1 + EPSILON))
            .sqrt();
    Tensor direction = Tensors.times(apart, -0.9).add(Tensors.scalar(1));
    return curve(strength, STRENGTH_SLOPE, 0.5).mul(curve(direction, DIRECTION_SLOPE, 0.7));
  }

  private static Tensor curve(Tensor x, double slope, double middle) {
    return torch.sigmoid(Tensors.times(x.sub(Tensors.scalar(middle)), slope));
  }

  private static Tensor size(Tensor gradient) {
    return gradient.mul(gradient).sum(1).unsqueeze(1).add(Tensors.scalar(EPSILON)).sqrt();
  }
}

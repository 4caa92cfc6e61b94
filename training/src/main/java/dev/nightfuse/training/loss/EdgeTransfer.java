package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Share of the sources' edges that the fused picture keeps in strength and direction: Xydeas and
 * Petrovic's Qabf, with a gradient.
 */
public final class EdgeTransfer {

  private static final double EPSILON = 1e-6;

  /** How strictly strength and direction are judged. */
  public enum Curves {
    /** An edge that is lost altogether still pulls. */
    GENTLE(1, 8, 0.5, 12, 0.7),
    /**
     * The metric's own: nothing pulls but edges that are nearly kept, for a network's last steps.
     */
    MEASURED(0.9994 * 0.9879, 15, 0.5, 22, 0.8);

    private final double most;
    private final double strengthSlope;
    private final double strengthMiddle;
    private final double directionSlope;
    private final double directionMiddle;

    Curves(
        double most,
        double strengthSlope,
        double strengthMiddle,
        double directionSlope,
        double directionMiddle) {
      this.most = most;
      this.strengthSlope = strengthSlope;
      this.strengthMiddle = strengthMiddle;
      this.directionSlope = directionSlope;
      this.directionMiddle = directionMiddle;
    }
  }

  private EdgeTransfer() {}

  /** All {@code [N, 1, H, W]} in 0 to 1; about 1 when every edge is kept. */
  public static Tensor of(Tensor fused, Tensor visible, Tensor infrared, Curves curves) {
    Tensor f = Derivatives.sobel(fused);
    Tensor v = Derivatives.sobel(visible);
    Tensor i = Derivatives.sobel(infrared);
    Tensor sizeF = size(f);
    Tensor sizeV = size(v);
    Tensor sizeI = size(i);
    Tensor kept =
        kept(f, sizeF, v, sizeV, curves)
            .mul(sizeV)
            .add(kept(f, sizeF, i, sizeI, curves).mul(sizeI))
            .sum();
    return torch.div(kept, sizeV.add(sizeI).sum());
  }

  private static Tensor kept(
      Tensor f, Tensor sizeF, Tensor source, Tensor sizeSource, Curves curves) {
    Tensor strength = torch.div(torch.minimum(sizeF, sizeSource), torch.maximum(sizeF, sizeSource));
    // The cosine of the angle between the two lines, whichever way they point.
    Tensor cosine = torch.div(f.mul(source).sum(1).unsqueeze(1).abs(), sizeF.mul(sizeSource));
    // 1 - angle / 90 degrees is close to 1 - 0.9 sqrt(1 - cosine) near equal directions.
    Tensor apart =
        Tensors.times(cosine.clamp_max(Tensors.scalar(1)), -1)
            .add(Tensors.scalar(1 + EPSILON))
            .sqrt();
    Tensor direction = Tensors.times(apart, -0.9).add(Tensors.scalar(1));
    return Tensors.times(
        curve(strength, curves.strengthSlope, curves.strengthMiddle)
            .mul(curve(direction, curves.directionSlope, curves.directionMiddle)),
        curves.most);
  }

  private static Tensor curve(Tensor x, double slope, double middle) {
    return torch.sigmoid(Tensors.times(x.sub(Tensors.scalar(middle)), slope));
  }

  private static Tensor size(Tensor gradient) {
    return gradient.mul(gradient).sum(1).unsqueeze(1).add(Tensors.scalar(EPSILON)).sqrt();
  }
}

package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * How far a fused picture is from the brighter source and from the stronger edge at every pixel:
 * MAFS Eq. 15 and 16, MaeFuse Eq. 4. All pictures are luma, {@code [N, 1, H, W]}, 0 to 1; a term of
 * weight 0 is not computed.
 *
 * <p>Where the sources differ:
 *
 * <ul>
 *   <li>MAFS {@link Reading#PAPER}: {@code intensity + gradient} without weights, sizes of
 *       gradients compared. {@link Reading#RELEASED}: {@code 5 intensity + gradient}, each
 *       direction compared on its own, and within the foreground mask the infrared picture is the
 *       target.
 *   <li>MaeFuse {@link Reading#PAPER}: {@code intensity + alpha gradient}, alpha not given. {@link
 *       Reading#RELEASED}: no intensity, {@code gradient + 2 laplacian}, computed on 0 to 255, a
 *       factor that its optimiser does not see.
 * </ul>
 *
 * @param intensityWeight of {@code mean |F - max(V, I)|}
 * @param gradientWeight of the Sobel term
 * @param laplacianWeight of {@code mean |lap F - max(lap V, lap I)|}, signed
 * @param edges how Sobel gradients are compared
 */
public record FusionLoss(
    double intensityWeight, double gradientWeight, double laplacianWeight, Edges edges) {

  /** What of a Sobel gradient is compared. */
  public enum Edges {
    /** {@code |Sx| + |Sy|}. */
    MAGNITUDE,
    /** {@code |Sx|} and {@code |Sy|}, each for itself; both distances are added. */
    DIRECTIONS,
    /** {@code |Sx| + |Sy|} without the outermost pixels, in neither of the papers. */
    MAGNITUDE_INSIDE
  }

  public FusionLoss {
    if (intensityWeight < 0
        || gradientWeight < 0
        || laplacianWeight < 0
        || intensityWeight + gradientWeight + laplacianWeight == 0) {
      throw new IllegalArgumentException(
          "weights intensity %s, gradient %s, laplacian %s: none negative and not all 0 are allowed"
              .formatted(intensityWeight, gradientWeight, laplacianWeight));
    }
  }

  public static FusionLoss mafs(Reading reading) {
    return switch (reading) {
      case PAPER -> new FusionLoss(1, 1, 0, Edges.MAGNITUDE);
      case RELEASED -> new FusionLoss(5, 1, 0, Edges.DIRECTIONS);
    };
  }

  /** The paper's alpha is 1 here. */
  public static FusionLoss maeFuse(Reading reading) {
    return switch (reading) {
      case PAPER -> new FusionLoss(1, 1, 0, Edges.MAGNITUDE);
      case RELEASED -> new FusionLoss(0, 1, 2, Edges.MAGNITUDE);
    };
  }

  /**
   * @param foreground 1 where the infrared picture alone is the target of intensity, 0 elsewhere;
   *     null for the brighter source everywhere
   */
  public Terms terms(Tensor fused, Tensor visible, Tensor infrared, @Nullable Tensor foreground) {
    Terms terms = new Terms();
    if (intensityWeight > 0) {
      Tensor target = torch.maximum(visible.abs(), infrared.abs());
      if (foreground != null) {
        target = torch.where(foreground.gt(Tensors.scalar(0.5)), infrared, target);
      }
      terms.add("intensity", intensityWeight, torch.l1_loss(fused, target));
    }
    if (gradientWeight > 0) {
      Tensor target = torch.maximum(edges(visible), edges(infrared));
      terms.add("gradient", gradientWeight, Derivatives.distance(edges(fused), target));
    }
    if (laplacianWeight > 0) {
      Tensor target =
          torch.maximum(Derivatives.laplacian(visible), Derivatives.laplacian(infrared));
      terms.add("laplacian", laplacianWeight, torch.l1_loss(Derivatives.laplacian(fused), target));
    }
    return terms;
  }

  private Tensor edges(Tensor picture) {
    return switch (edges) {
      case MAGNITUDE -> Derivatives.magnitude(Derivatives.sobel(picture));
      case DIRECTIONS -> Derivatives.sobel(picture).abs();
      case MAGNITUDE_INSIDE -> Derivatives.magnitude(Derivatives.sobelInside(picture));
    };
  }
}

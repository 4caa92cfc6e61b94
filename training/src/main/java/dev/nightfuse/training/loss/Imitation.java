package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How far a fused picture is from a teacher's: levels, and Sobel gradients with their signs, which
 * halos and borders of blocks have and an offset of a whole region has not. No gradient reaches the
 * teacher.
 */
public final class Imitation {

  /**
   * Sobel's filter adds up eight differences of neighbours; so that they count half as much as
   * levels.
   */
  private static final double EDGE = 1.0 / 16;

  private Imitation() {}

  /** Both {@code [N, 1, H, W]}, 0 to 1; the mean over pixels. */
  public static Tensor of(Tensor fused, Tensor taught) {
    Tensor target = taught.detach();
    Tensor edges = Derivatives.distance(Derivatives.sobel(fused), Derivatives.sobel(target));
    return torch.l1_loss(fused, target).add(Tensors.times(edges, EDGE));
  }
}

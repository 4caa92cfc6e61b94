package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How much a fused film changes where the scene does not, against how much its inputs change there:
 * what {@code nightfuse stability} measures, with a gradient. A pixel is still when the 5x5 means
 * of both inputs stay within three levels. The inputs' change is weighted as the fused picture
 * takes from them: {@code w} such that fused = w visible + (1 - w) infrared, within 0 to 1; the
 * weights have no gradient.
 */
public final class Flicker {

  private static final int WINDOW = 5;
  private static final double LEVEL = 1 / 255.0;
  private static final double STILL = 3 * LEVEL;

  /** Inputs that lie nearer to one another do not tell where a fused level comes from. */
  private static final double ALIKE = 4 * LEVEL;

  /** Keeps clips whose inputs hardly change from counting more than all others. */
  private static final double LEAST = 0.005 * LEVEL;

  private Flicker() {}

  /** The same frame or the next of each film; luma and infrared {@code [N, 1, H, W]}, 0 to 1. */
  public record Inputs(Tensor visible, Tensor infrared) {}

  /**
   * The ratio of each clip, {@code [N]}; 1 for a fusion that takes the brighter pixel.
   *
   * @param fusedBefore {@code [N, 1, H, W]} of the inputs before
   * @param fusedAfter of the inputs after
   */
  public static Tensor ratio(Tensor fusedBefore, Tensor fusedAfter, Inputs before, Inputs after) {
    Tensor apart = after.visible().sub(after.infrared());
    Tensor alike = apart.abs().lt(Tensors.scalar(ALIKE));
    Tensor safe = torch.where(alike, torch.ones_like(apart), apart);
    Tensor share =
        torch
            .div(fusedAfter.detach().sub(after.infrared()), safe)
            .clamp_min(Tensors.scalar(0))
            .clamp_max(Tensors.scalar(1));
    Tensor weight = torch.where(alike, Tensors.times(torch.ones_like(share), 0.5), share);
    Tensor visible = after.visible().sub(before.visible());
    Tensor infrared = after.infrared().sub(before.infrared());
    Tensor still = still(visible).mul(still(infrared));
    Tensor inputs =
        weight
            .mul(visible.abs())
            .add(Tensors.times(weight, -1).add(Tensors.scalar(1)).mul(infrared.abs()));
    Tensor fused = fusedAfter.sub(fusedBefore).abs();
    return torch.div(mean(fused.mul(still)), mean(inputs.mul(still)).add(Tensors.scalar(LEAST)));
  }

  private static Tensor still(Tensor change) {
    Tensor means =
        torch.avg_pool2d(
            change,
            new long[] {WINDOW, WINDOW},
            new long[] {1, 1},
            new long[] {WINDOW / 2, WINDOW / 2},
            false,
            false,
            null);
    return Tensors.indicator(means.abs().le(Tensors.scalar(STILL)), change);
  }

  private static Tensor mean(Tensor x) {
    return x.flatten(1, -1).mean(1);
  }
}

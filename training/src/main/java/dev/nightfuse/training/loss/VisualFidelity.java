package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Visual information fidelity of a fused picture towards one source, with a gradient. As VIFP over
 * four scales with noise of variance 2 at 8 bits, but for speed with uniform windows of the
 * Gaussians' spread instead of Gaussians, read at every second position.
 */
public final class VisualFidelity {

  private static final double NOISE = 2 / (255.0 * 255.0);
  private static final double EPSILON = 1e-9;

  /** Sides of uniform windows with the spread of Gaussians of 17/5, 9/5, 5/5 and 3/5. */
  private static final int[] WINDOWS = {11, 6, 3, 2};

  private VisualFidelity() {}

  /** Both {@code [N, 1, H, W]} in 0 to 1; {@code [N]}, 1 where the picture is the source. */
  public static Tensor of(Tensor source, Tensor fused) {
    Tensor told = torch.zeros_like(Tensors.sumPerPicture(source));
    Tensor all = told;
    Tensor x = source;
    Tensor y = fused;
    for (int scale = 0; scale < WINDOWS.length; scale++) {
      if (scale > 0) {
        x = pool(x, WINDOWS[scale], 2);
        y = pool(y, WINDOWS[scale], 2);
      }
      int window = WINDOWS[scale];
      int step = scale == 0 ? 4 : scale == 1 ? 2 : 1;
      Tensor meanX = pool(x, window, step);
      Tensor meanY = pool(y, window, step);
      Tensor varX = floor(pool(x.mul(x), window, step).sub(meanX.mul(meanX)));
      Tensor varY = floor(pool(y.mul(y), window, step).sub(meanY.mul(meanY)));
      Tensor both = floor(pool(x.mul(y), window, step).sub(meanX.mul(meanY)));
      Tensor gain = torch.div(both, varX.add(Tensors.scalar(EPSILON)));
      Tensor rest = floor(varY.sub(gain.mul(both)));
      Tensor signal = gain.mul(gain).mul(varX);
      double weight = (double) step * step;
      Tensor part = torch.log1p(torch.div(signal, rest.add(Tensors.scalar(NOISE))));
      Tensor whole = torch.log1p(Tensors.times(varX, 1 / NOISE));
      told = told.add(Tensors.times(Tensors.sumPerPicture(part), weight));
      all = all.add(Tensors.times(Tensors.sumPerPicture(whole), weight));
    }
    return torch.div(told, all.add(Tensors.scalar(EPSILON)));
  }

  private static Tensor pool(Tensor x, int window, int step) {
    return torch.avg_pool2d(
        x,
        new long[] {window, window},
        new long[] {step, step},
        new long[] {0, 0},
        false,
        true,
        null);
  }

  private static Tensor floor(Tensor x) {
    return x.clamp_min(Tensors.scalar(0));
  }
}

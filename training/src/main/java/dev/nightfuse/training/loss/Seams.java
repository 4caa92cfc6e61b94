package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What a network that tells a whole block of pixels from one position draws between two blocks and
 * neither source has: where both sources are smooth, steps of the fused picture from one block to
 * the next beyond the greater step of the sources. In a sky they show as tiles.
 */
public final class Seams {

  /** Greater steps of a source are edges, which the fused picture may well make stronger. */
  private static final double SMOOTH = 4 / 255.0;

  private Seams() {}

  /**
   * All {@code [N, 1, H, W]}, 0 to 1.
   *
   * @param blockPx pixels per side of a block; blocks begin at the upper left pixel
   * @return the mean over the pairs of pixels on both sides of a border
   */
  public static Tensor of(Tensor fused, Tensor visible, Tensor infrared, int blockPx) {
    return along(2, fused, visible, infrared, blockPx)
        .add(along(3, fused, visible, infrared, blockPx));
  }

  private static Tensor along(int axis, Tensor fused, Tensor visible, Tensor infrared, int block) {
    Tensor sources =
        torch.maximum(step(axis, visible, block).abs(), step(axis, infrared, block).abs());
    Tensor smooth = Tensors.indicator(sources.le(Tensors.scalar(SMOOTH)), sources);
    Tensor beyond = step(axis, fused, block).abs().sub(sources).clamp_min(Tensors.scalar(0));
    return beyond.mul(smooth).mean();
  }

  /** From the last pixel of each block to the first of the next. */
  private static Tensor step(int axis, Tensor x, int block) {
    long size = x.size(axis);
    Tensor last = x.slice(axis, at(block - 1), at(size - block), block);
    Tensor first = x.slice(axis, at(block), at(size), block);
    return first.sub(last);
  }

  private static LongOptional at(long index) {
    return new LongOptional(index);
  }
}

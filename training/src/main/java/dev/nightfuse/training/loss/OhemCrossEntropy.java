package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Cross-entropy with online hard example mining, MAFS's segmentation loss (as released; PSFusion's
 * settings): only pixels that are hard, or the hardest share of all, are averaged.
 *
 * <p>The losses of all pixels are sorted. If more than the least share lies above {@code -ln
 * threshold}, all of those are kept, otherwise the least share. Pixels without a label count as
 * loss 0, as released, so a batch with few labels weighs less and one without any is 0.
 *
 * @param threshold probability of the true class above which a pixel is easy
 * @param leastShare of all pixels of the batch that is kept anyway
 */
public record OhemCrossEntropy(double threshold, double leastShare) {

  /** Label of pixels that count as loss 0. */
  public static final int IGNORE = 255;

  private static final int NO_REDUCTION = 0;

  public OhemCrossEntropy {
    if (!(threshold > 0 && threshold < 1) || !(leastShare > 0 && leastShare < 1)) {
      throw new IllegalArgumentException(
          "threshold %s, least share %s: above 0 and below 1 are allowed"
              .formatted(threshold, leastShare));
    }
  }

  /** Threshold 0.75 and 1/16 of the pixels. */
  public static OhemCrossEntropy standard() {
    return new OhemCrossEntropy(0.75, 1 / 16.0);
  }

  /**
   * @param logits {@code [N, classes, H, W]}
   * @param labels {@code [N, H, W]}, int64
   */
  public Tensor of(Tensor logits, Tensor labels) {
    Tensor losses =
        torch
            .cross_entropy_loss(logits, labels, new TensorOptional(), NO_REDUCTION, IGNORE, 0)
            .flatten();
    long pixels = losses.numel();
    long least = Math.min(pixels - 1, Math.max(1, Math.round(leastShare * pixels)));
    double hard = -Math.log(threshold);
    Tensor sorted = losses.sort(0, true).get0();
    if (sorted.select(0, least).item_double() > hard) {
      return sorted.masked_select(sorted.gt(Tensors.scalar(hard))).mean();
    }
    return sorted.narrow(0, 0, least).mean();
  }
}

package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * MAFS, Eq. 18: foreground against background, the rarer one weighted up. Of two-channel logits.
 *
 * <p>Eq. 18 sums {@code w (l log p + (1 - l) log(1 - p))} over the categories. Its {@code w} is
 * taken as the weight of the pixel's true class: a weight per channel would cancel out, because
 * with two channels {@code p1 = 1 - p0} and both classes would weigh {@code w0 + w1}. Where the
 * sources differ:
 *
 * <ul>
 *   <li>{@link Reading#PAPER}: the sum over both channels (twice the cross-entropy), negated, mean
 *       over labelled pixels.
 *   <li>{@link Reading#RELEASED}: the weighted cross-entropy of the network these parts come from,
 *       divided by the sum of the weights.
 * </ul>
 *
 * @param backgroundWeight of pixels without an object
 * @param foregroundWeight of pixels with one
 */
public record ForegroundLoss(Reading reading, double backgroundWeight, double foregroundWeight) {

  private static final int SUM = 2;
  private static final double NO_SMOOTHING = 0;

  public ForegroundLoss {
    if (!(backgroundWeight > 0) || !(foregroundWeight > 0)) {
      throw new IllegalArgumentException(
          "weights %s and %s: above 0 are allowed".formatted(backgroundWeight, foregroundWeight));
    }
  }

  /** With the weights for MFNet that the release notes. */
  public static ForegroundLoss of(Reading reading) {
    return new ForegroundLoss(reading, 1.5121, 10.2388);
  }

  /**
   * @param logits {@code [N, 2, H, W]}
   * @param foreground {@code [N, H, W]}, int64: 0, 1 or {@link OhemCrossEntropy#IGNORE}; without
   *     any labelled pixel the loss is 0
   */
  public Tensor of(Tensor logits, Tensor foreground) {
    long background = count(foreground, 0);
    long object = count(foreground, 1);
    double measure =
        switch (reading) {
          case PAPER -> (background + object) / 2.0;
          case RELEASED -> backgroundWeight * background + foregroundWeight * object;
        };
    Tensor weights =
        Tensor.create(backgroundWeight, foregroundWeight).to(logits.device(), logits.scalar_type());
    Tensor sum =
        torch.cross_entropy_loss(
            logits,
            foreground,
            new TensorOptional(weights),
            SUM,
            OhemCrossEntropy.IGNORE,
            NO_SMOOTHING);
    return Tensors.times(sum, measure == 0 ? 0 : 1 / measure);
  }

  private static long count(Tensor labels, int value) {
    return labels.eq(Tensors.scalar(value)).sum().item_long();
  }
}

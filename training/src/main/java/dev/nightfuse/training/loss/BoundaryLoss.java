package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * MAFS, Eq. 17: the boundaries of objects by cross-entropy. Unweighted, as the paper says; pixels
 * without a label do not count.
 */
public final class BoundaryLoss {

  private static final int SUM = 2;

  private BoundaryLoss() {}

  /**
   * @param logits {@code [N, 2, H, W]}
   * @param boundary {@code [N, H, W]}, int64: 0, 1 or {@link OhemCrossEntropy#IGNORE}; without any
   *     labelled pixel the loss is 0
   */
  public static Tensor of(Tensor logits, Tensor boundary) {
    long labelled = boundary.ne(Tensors.scalar(OhemCrossEntropy.IGNORE)).sum().item_long();
    Tensor sum =
        torch.cross_entropy_loss(
            logits, boundary, new TensorOptional(), SUM, OhemCrossEntropy.IGNORE, 0);
    return Tensors.times(sum, 1.0 / Math.max(1, labelled));
  }
}

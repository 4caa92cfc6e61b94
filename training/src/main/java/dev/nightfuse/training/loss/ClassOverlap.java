package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What the classes of a batch lack in overlap (IoU) with their labels, with a gradient: the sums of
 * probabilities in place of pixels that were counted. Every class of the labels counts the same,
 * however few its pixels are, and one that grows fat loses; the background does not count.
 */
public final class ClassOverlap {

  /** Pixels; a class of a few pixels does not pull with all its weight. */
  private static final double SLACK = 16;

  private ClassOverlap() {}

  /**
   * @param logits {@code [N, classes, H, W]}
   * @param labels {@code [N, H, W]}, int64, {@link OhemCrossEntropy#IGNORE} where unknown
   * @return the mean over the classes that the labels have, 0 to 1; 0 without any
   */
  public static Tensor missing(Tensor logits, Tensor labels) {
    long classes = logits.size(1);
    Tensor known = labels.ne(new Scalar(OhemCrossEntropy.IGNORE)).unsqueeze(1);
    Tensor truth =
        torch
            .one_hot(labels.masked_fill(known.squeeze(1).logical_not(), new Scalar(0)), classes)
            .movedim(3, 1)
            .to(logits.scalar_type())
            .mul(known);
    Tensor found = torch.softmax(logits, 1).mul(known);
    long[] pixels = {0, 2, 3};
    Tensor shared = truth.mul(found).sum(pixels);
    Tensor wanted = truth.sum(pixels);
    Tensor either = wanted.add(found.sum(pixels)).sub(shared);
    Tensor lost = torch.div(either.sub(shared), either.add(new Scalar(SLACK)));
    Tensor counts = wanted.gt(new Scalar(0)).to(logits.scalar_type()).narrow(0, 1, classes - 1);
    return torch.div(
        lost.narrow(0, 1, classes - 1).mul(counts).sum(), counts.sum().clamp_min(new Scalar(1)));
  }
}

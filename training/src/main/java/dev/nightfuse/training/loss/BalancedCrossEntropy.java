package dev.nightfuse.training.loss;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Cross-entropy in which rare classes count more, summed over the labelled pixels and divided by
 * their number: a batch without labels is 0.
 */
public final class BalancedCrossEntropy {

  private static final int SUM = 2;

  private final float[] weights;

  /**
   * @param weights by class number
   */
  public BalancedCrossEntropy(List<Double> weights) {
    this.weights = new float[weights.size()];
    for (int c = 0; c < this.weights.length; c++) {
      this.weights[c] = weights.get(c).floatValue();
    }
  }

  /**
   * @param logits {@code [N, classes, H, W]}
   * @param labels {@code [N, H, W]}, int64, {@link OhemCrossEntropy#IGNORE} where unknown
   */
  public Tensor of(Tensor logits, Tensor labels) {
    Tensor weight = Tensor.create(weights).to(logits.device(), logits.scalar_type());
    Tensor sum =
        torch.cross_entropy_loss(
            logits, labels, new TensorOptional(weight), SUM, OhemCrossEntropy.IGNORE, 0);
    Tensor labelled = labels.ne(new Scalar(OhemCrossEntropy.IGNORE)).sum();
    return torch.div(sum, labelled.add(new Scalar(1)));
  }
}

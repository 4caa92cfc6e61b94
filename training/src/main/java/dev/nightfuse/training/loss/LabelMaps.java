package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What the auxiliary heads are taught, made from a label map {@code [N, H, W]} of int64: both keep
 * {@link OhemCrossEntropy#IGNORE} where the class is unknown.
 */
public final class LabelMaps {

  /** Side of the window that must hold two classes to be a boundary. */
  private static final int WINDOW = 5;

  private LabelMaps() {}

  /** 1 where there is an object of any class, 0 on the background (class 0). */
  public static Tensor foreground(Tensor labels) {
    return keepUnknown(labels, labels.gt(Tensors.scalar(0)));
  }

  /** 1 where a 5x5 window holds two classes or more; unknown pixels are no class of their own. */
  public static Tensor boundary(Tensor labels) {
    Tensor unknown = unknown(labels);
    // Pooling wants floating point; class numbers are exact in it.
    Tensor classes = labels.to(torch.ScalarType.Float);
    Tensor largest = pooled(classes.masked_fill(unknown, Tensors.scalar(-1)));
    Tensor smallest =
        pooled(classes.neg().masked_fill(unknown, Tensors.scalar(-OhemCrossEntropy.IGNORE))).neg();
    return keepUnknown(labels, largest.gt(smallest));
  }

  private static Tensor pooled(Tensor x) {
    long[] one = {1, 1};
    return torch
        .max_pool2d(
            x.unsqueeze(1),
            new long[] {WINDOW, WINDOW},
            one,
            new long[] {WINDOW / 2, WINDOW / 2},
            one,
            false)
        .squeeze(1);
  }

  private static Tensor keepUnknown(Tensor labels, Tensor condition) {
    return condition
        .to(torch.ScalarType.Long)
        .masked_fill(unknown(labels), Tensors.scalar(OhemCrossEntropy.IGNORE));
  }

  private static Tensor unknown(Tensor labels) {
    return labels.eq(Tensors.scalar(OhemCrossEntropy.IGNORE));
  }
}

package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Numbers and tensors together, where libtorch wants wrapped numbers. */
final class Tensors {

  private Tensors() {}

  static Scalar scalar(double value) {
    return new Scalar(value);
  }

  static Tensor times(Tensor x, double factor) {
    return x.mul(new Scalar(factor));
  }

  /** Of {@code [N, ...]}, {@code [N]}. */
  static Tensor sumPerPicture(Tensor x) {
    return x.flatten(1, -1).sum(new long[] {1}, false, null);
  }

  /** Of {@code [N, ...]}, {@code [N]}. */
  static Tensor meanPerPicture(Tensor x) {
    return x.flatten(1, -1).mean(new long[] {1}, false, null);
  }

  /** 1 where the condition holds, in the precision of {@code like}. */
  static Tensor indicator(Tensor condition, Tensor like) {
    return condition.to(like.scalar_type());
  }
}

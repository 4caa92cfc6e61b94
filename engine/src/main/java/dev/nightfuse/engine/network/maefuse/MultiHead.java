package dev.nightfuse.engine.network.maefuse;

import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;

/** Scaled dot-product attention in several heads, without its projections. */
final class MultiHead {

  private MultiHead() {}

  /** All three are {@code [N, L, width]}, heads one after another; so is the result. */
  static <T> T attend(Ops<T> ops, T queries, T keys, T values, int heads) {
    Shape shape = ops.shape(queries);
    double scale = 1 / Math.sqrt(shape.dim(2) / (double) heads);
    T q = split(ops, ops.mul(queries, scale), heads);
    T k = split(ops, keys, heads);
    T weights = ops.softmax(ops.matmul(q, ops.permute(k, 0, 1, 3, 2)), 3);
    T mixed = ops.matmul(weights, split(ops, values, heads));
    return ops.reshape(ops.permute(mixed, 0, 2, 1, 3), shape.toArray());
  }

  private static <T> T split(Ops<T> ops, T x, int heads) {
    Shape shape = ops.shape(x);
    T parts = ops.reshape(x, shape.dim(0), shape.dim(1), heads, shape.dim(2) / heads);
    return ops.permute(parts, 0, 2, 1, 3);
  }
}

package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;

/** The small blocks that several parts of MAFS share. */
final class Blocks {

  /** PyTorch's default for every batch, group, instance and layer norm here. */
  static final double EPSILON = 1e-5;

  private Blocks() {}

  static Conv plain(int out, int kernel) {
    return Conv.same(out, kernel).withoutBias();
  }

  static <T> T batchNorm(Ops<T> ops, T x, String name) {
    return ops.batchNorm(x, EPSILON, name);
  }

  static <T> T relu6(Ops<T> ops, T x) {
    return ops.clip(x, 0, 6);
  }

  /** Convolution without bias, batch norm under its own key, ReLU6. */
  static <T> T convNormRelu6(Ops<T> ops, T x, Conv spec, String name, String normKey) {
    T y = ops.conv(x, spec.withoutBias(), name + ".conv");
    return relu6(ops, batchNorm(ops, y, name + "." + normKey));
  }

  static <T> T globalAverage(Ops<T> ops, T x) {
    return ops.mean(x, 2, 3);
  }

  static <T> T resizeTo(Ops<T> ops, T x, T like, Interpolation how) {
    Shape target = ops.shape(like);
    return ops.resize(x, target.dim(2), target.dim(3), how);
  }

  /** Bilinear, where the size is another one. */
  static <T> T fit(Ops<T> ops, T x, int height, int width) {
    Shape size = ops.shape(x);
    return size.dim(2) == height && size.dim(3) == width
        ? x
        : ops.resize(x, height, width, Interpolation.BILINEAR);
  }

  static <T> T enlarge(Ops<T> ops, T x, int factor, Interpolation how) {
    Shape shape = ops.shape(x);
    return ops.resize(x, shape.dim(2) * factor, shape.dim(3) * factor, how);
  }
}

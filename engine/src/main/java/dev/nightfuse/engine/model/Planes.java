package dev.nightfuse.engine.model;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.PadMode;
import dev.nightfuse.engine.network.Shape;
import java.util.List;

/** Camera planes into what networks take, and back; all of it inside the graph. */
final class Planes {

  private Planes() {}

  /**
   * RGB in 0 to 1 from I420 (BT.601, luma 16 to 235), for the size of the luma. Chroma lies between
   * four luma pixels.
   */
  static <T> T rgb(Ops<T> ops, T y, T u, T v) {
    Shape size = ops.shape(y);
    T chroma = ops.concat(1, List.of(real(ops, u), real(ops, v)));
    Shape half = ops.shape(chroma);
    chroma = ops.resize(chroma, 2 * half.dim(2), 2 * half.dim(3), Interpolation.BILINEAR);
    chroma = crop(ops, chroma, size.dim(2), size.dim(3));
    T yuv = ops.concat(1, List.of(real(ops, y), chroma));
    float luma = 1 / 219f;
    float[] matrix = {
      luma, 0, 1.402f / 224,
      luma, -0.344136f / 224, -0.714136f / 224,
      luma, 1.772f / 224, 0
    };
    float[] offset = new float[3];
    for (int c = 0; c < 3; c++) {
      offset[c] = -(16 * matrix[3 * c] + 128 * (matrix[3 * c + 1] + matrix[3 * c + 2]));
    }
    T colour = ops.fixedConv(yuv, new Conv(3, 1, 1, 0, 1, 1, false), matrix);
    return ops.clip(ops.add(colour, ops.constant(Shape.of(1, 3, 1, 1), offset)), 0, 1);
  }

  /** Luma in 0 to 1 from RGB, as the peers' scripts take it. */
  static <T> T luma(Ops<T> ops, T rgb) {
    return ops.fixedConv(rgb, new Conv(1, 1, 1, 0, 1, 1, false), 0.299f, 0.587f, 0.114f);
  }

  /** 0 to 255 as 0 to 1, in whatever range the luma is. */
  static <T> T unit(Ops<T> ops, T plane) {
    return ops.mul(real(ops, plane), 1 / 255.0);
  }

  static <T> T real(Ops<T> ops, T plane) {
    return ops.cast(plane, DType.FLOAT32);
  }

  /** The border is repeated right and below up to the next multiple. */
  static <T> T padded(Ops<T> ops, T x, int multiple) {
    Shape size = ops.shape(x);
    int bottom = Math.floorMod(-size.dim(2), multiple);
    int right = Math.floorMod(-size.dim(3), multiple);
    return bottom + right == 0 ? x : ops.pad(x, 0, 0, bottom, right, PadMode.EDGE);
  }

  static <T> T crop(Ops<T> ops, T x, int height, int width) {
    T y = ops.shape(x).dim(2) == height ? x : ops.slice(x, 2, 0, height);
    return ops.shape(y).dim(3) == width ? y : ops.slice(y, 3, 0, width);
  }

  /**
   * The most likely class of each pixel. By way of floats: TensorRT makes bytes of nothing else.
   */
  static <T> T labels(Ops<T> ops, T logits) {
    return ops.cast(real(ops, ops.argMax(logits, 1)), DType.UINT8);
  }
}

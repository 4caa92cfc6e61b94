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
   * RGB in 0 to 1 from I420 (BT.601, chroma 16 to 240), for the size of the luma. Chroma lies
   * between four luma pixels.
   */
  static <T> T rgb(Ops<T> ops, T y, T u, T v, boolean fullRange) {
    Shape size = ops.shape(y);
    T chroma = ops.concat(1, List.of(real(ops, u), real(ops, v)));
    Shape half = ops.shape(chroma);
    chroma = ops.resize(chroma, 2 * half.dim(2), 2 * half.dim(3), Interpolation.BILINEAR);
    chroma = crop(ops, chroma, size.dim(2), size.dim(3));
    T yuv = ops.concat(1, List.of(real(ops, y), chroma));
    float luma = 1f / range(fullRange);
    float[] matrix = {
      luma, 0, 1.402f / 224,
      luma, -0.344136f / 224, -0.714136f / 224,
      luma, 1.772f / 224, 0
    };
    float[] offset = new float[3];
    for (int c = 0; c < 3; c++) {
      offset[c] =
          -(black(fullRange) * matrix[3 * c] + 128 * (matrix[3 * c + 1] + matrix[3 * c + 2]));
    }
    T colour = ops.fixedConv(yuv, new Conv(3, 1, 1, 0, 1, 1, false), matrix);
    return ops.clip(ops.add(colour, ops.constant(Shape.of(1, 3, 1, 1), offset)), 0, 1);
  }

  /** Luma in 0 to 1, clipped nowhere. */
  static <T> T unitLuma(Ops<T> ops, T y, boolean fullRange) {
    return ops.mul(ops.add(real(ops, y), -black(fullRange)), 1.0 / range(fullRange));
  }

  /** Luma of 0 to 1 as bytes, the way back. */
  static <T> T luma(Ops<T> ops, T unit, boolean fullRange) {
    return ops.toUint8(ops.add(ops.mul(unit, range(fullRange)), black(fullRange)));
  }

  private static int black(boolean fullRange) {
    return fullRange ? 0 : 16;
  }

  /** Levels between black and white. */
  private static int range(boolean fullRange) {
    return fullRange ? 255 : 219;
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

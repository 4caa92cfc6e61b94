package dev.nightfuse.engine.weights;

import dev.nightfuse.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** One stored tensor: its description now, its values when asked. Valid while its file is open. */
public final class WeightTensor {

  /** Reads the raw storage bytes that the tensor lives in. */
  @FunctionalInterface
  interface Storage {
    /** Little-endian bytes of at least the tensor's span, from its first element on. */
    ByteBuffer read(long firstElement, long elements) throws IOException;
  }

  private final String name;
  private final Dtype dtype;
  private final List<Integer> shape;
  private final long[] strides;
  private final long offset;
  private final Storage storage;

  WeightTensor(
      String name, Dtype dtype, List<Integer> shape, long[] strides, long offset, Storage storage) {
    this.name = name;
    this.dtype = dtype;
    this.shape = List.copyOf(shape);
    this.strides = strides;
    this.offset = offset;
    this.storage = storage;
  }

  static long[] contiguousStrides(List<Integer> shape) {
    long[] strides = new long[shape.size()];
    long stride = 1;
    for (int d = shape.size() - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= Math.max(1, shape.get(d));
    }
    return strides;
  }

  public String name() {
    return name;
  }

  public Dtype dtype() {
    return dtype;
  }

  /** Sizes, outermost first; empty for a scalar. */
  public List<Integer> shape() {
    return shape;
  }

  public int elements() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  WeightTensor renamed(String newName) {
    return new WeightTensor(newName, dtype, shape, strides, offset, storage);
  }

  /**
   * The values as 32-bit floats, row-major, whatever the stored type and strides.
   *
   * @throws EngineException when the file is damaged; names the tensor
   */
  public float[] readFloats() throws EngineException {
    int count = elements();
    float[] values = new float[count];
    if (count == 0) {
      return values;
    }
    long span = 1;
    for (int d = 0; d < strides.length; d++) {
      span += (shape.get(d) - 1) * strides[d];
    }
    ByteBuffer data;
    try {
      data = storage.read(offset, span);
    } catch (IOException e) {
      throw new EngineException("tensor \"" + name + "\": " + e.getMessage(), e);
    }
    if (Arrays.equals(strides, contiguousStrides(shape))) {
      if (dtype == Dtype.FLOAT32) {
        data.asFloatBuffer().get(values);
      } else {
        for (int i = 0; i < count; i++) {
          values[i] = dtype.toFloat(data, i);
        }
      }
    } else {
      gather(data, values);
    }
    return values;
  }

  private void gather(ByteBuffer data, float[] values) {
    int[] index = new int[strides.length];
    for (int i = 0; i < values.length; i++) {
      long at = 0;
      for (int d = 0; d < strides.length; d++) {
        at += index[d] * strides[d];
      }
      values[i] = dtype.toFloat(data, at);
      for (int d = strides.length - 1; d >= 0 && ++index[d] == shape.get(d); d--) {
        index[d] = 0;
      }
    }
  }

  @Override
  public String toString() {
    return name + " " + dtype + " " + shape;
  }
}

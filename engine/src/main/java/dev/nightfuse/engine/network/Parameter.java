package dev.nightfuse.engine.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Supplier;

/**
 * One parameter: its shape, and its values in row-major order when they are asked for. Networks of
 * hundreds of millions of values pass through a small heap because nobody keeps them.
 */
public final class Parameter {

  private final String key;
  private final Shape shape;
  private final Supplier<ByteBuffer> source;

  private Parameter(String key, Shape shape, Supplier<ByteBuffer> source) {
    this.key = key;
    this.shape = shape;
    this.source = source;
  }

  public static Parameter of(String key, Shape shape, float... values) {
    if (values.length != shape.elements()) {
      throw new IllegalArgumentException(
          "parameter %s: %d values for %s".formatted(key, values.length, shape));
    }
    ByteBuffer data = bytes(values);
    return new Parameter(key, shape, () -> data);
  }

  /**
   * Values that are read each time they are asked for.
   *
   * @param source float32, little-endian, as many as the shape has elements
   */
  public static Parameter lazy(String key, Shape shape, Supplier<ByteBuffer> source) {
    return new Parameter(key, shape, source);
  }

  /** Little-endian bytes of the values. */
  public static ByteBuffer bytes(float... values) {
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return data;
  }

  /** Full key, as in the published checkpoint. */
  public String key() {
    return key;
  }

  /** Rank 0 for a single number. */
  public Shape shape() {
    return shape;
  }

  /** The values as float32, little-endian, read-only. */
  public ByteBuffer data() {
    ByteBuffer data = source.get().slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    if (data.remaining() != shape.elements() * Float.BYTES) {
      throw new IllegalArgumentException(
          "parameter %s: %d bytes for float32 %s".formatted(key, data.remaining(), shape));
    }
    return data;
  }

  public FloatBuffer floats() {
    return data().asFloatBuffer();
  }
}

package dev.nightfuse.engine.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * One parameter: its shape and its values in row-major order.
 *
 * @param key full key, as in the published checkpoint
 * @param shape its sizes; rank 0 for a single number
 * @param data float32, little-endian, read-only; may be a view of a mapped file
 */
public record Parameter(String key, Shape shape, ByteBuffer data) {

  public Parameter {
    data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    if (data.remaining() != shape.elements() * Float.BYTES) {
      throw new IllegalArgumentException(
          "parameter %s: %d bytes for float32 %s".formatted(key, data.remaining(), shape));
    }
  }

  public static Parameter of(String key, Shape shape, float... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return new Parameter(key, shape, data);
  }

  public FloatBuffer floats() {
    return data.asFloatBuffer();
  }
}

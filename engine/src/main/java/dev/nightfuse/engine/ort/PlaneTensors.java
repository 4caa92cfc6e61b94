package dev.nightfuse.engine.ort;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;

/**
 * Tensors over the caller's planes of one kind, made once per plane. Pools hand the same planes out
 * again, so the number is small; a caller that always brings new ones costs a tensor each, and the
 * bound keeps their memory from piling up.
 */
final class PlaneTensors implements AutoCloseable {

  /** Four rigs with pools of sixteen frames. */
  private static final int CAPACITY = 64;

  private final OrtEnvironment environment;
  private final GraphPorts.Port port;
  private final long[] shape;
  private final IdentityHashMap<ByteBuffer, OnnxTensor> tensors = new IdentityHashMap<>();

  PlaneTensors(OrtEnvironment environment, GraphPorts.Port port) {
    this.environment = environment;
    this.port = port;
    this.shape = new long[] {1, 1, port.heightPx(), port.widthPx()};
  }

  OnnxTensor of(ByteBuffer plane) throws OrtException {
    OnnxTensor known = tensors.get(plane);
    if (known != null) {
      return known;
    }
    check(port, plane);
    if (tensors.size() == CAPACITY) {
      close();
    }
    // Bytes 0 to size - 1 whatever the position is: planes are shared and read absolutely.
    ByteBuffer bytes = plane.duplicate().clear().slice(0, port.sizeBytes());
    OnnxTensor made = OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
    tensors.put(plane, made);
    return made;
  }

  static void check(GraphPorts.Port port, ByteBuffer plane) {
    if (!plane.isDirect() || plane.capacity() != port.sizeBytes()) {
      throw new IllegalArgumentException(
          "plane %s must be a direct buffer of %d x %d = %d bytes, got %s of %d"
              .formatted(
                  port.name(),
                  port.widthPx(),
                  port.heightPx(),
                  port.sizeBytes(),
                  plane.isDirect() ? "a direct buffer" : "a heap buffer",
                  plane.capacity()));
    }
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    tensors.clear();
  }
}

package dev.nightfuse.engine.ort;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.nightfuse.engine.Plane;
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
  private final Plane port;
  private final long[] shape;
  private final IdentityHashMap<ByteBuffer, OnnxTensor> tensors = new IdentityHashMap<>();

  PlaneTensors(OrtEnvironment environment, Plane port) {
    this.environment = environment;
    this.port = port;
    this.shape = new long[] {1, 1, port.heightPx(), port.widthPx()};
  }

  OnnxTensor of(ByteBuffer plane) throws OrtException {
    OnnxTensor known = tensors.get(plane);
    if (known != null) {
      return known;
    }
    port.check(plane);
    if (tensors.size() == CAPACITY) {
      close();
    }
    // Bytes 0 to size - 1 whatever the position is: planes are shared and read absolutely.
    ByteBuffer bytes = plane.duplicate().clear().slice(0, port.sizeBytes());
    OnnxTensor made = OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
    tensors.put(plane, made);
    return made;
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    tensors.clear();
  }
}

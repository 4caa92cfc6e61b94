package dev.nightfuse.engine.ort;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.nightfuse.engine.Plane;
import java.nio.ByteBuffer;

/** Planes of one kind, one after another, with a tensor for each batch size from 1. */
final class Slab implements AutoCloseable {

  private final Plane port;
  private final ByteBuffer bytes;
  private final OnnxTensor[] byBatch;

  Slab(OrtEnvironment environment, Plane port, int maxBatch) throws OrtException {
    this.port = port;
    this.bytes = ByteBuffer.allocateDirect(Math.multiplyExact(port.sizeBytes(), maxBatch));
    this.byBatch = new OnnxTensor[maxBatch];
    for (int n = 1; n <= maxBatch; n++) {
      byBatch[n - 1] =
          OnnxTensor.createTensor(
              environment,
              bytes.slice(0, n * port.sizeBytes()),
              new long[] {n, 1, port.heightPx(), port.widthPx()},
              OnnxJavaType.UINT8);
    }
  }

  OnnxTensor tensor(int batch) {
    return byBatch[batch - 1];
  }

  /** Both sides hold sizeBytes: the plane is checked, the slab has maxBatch > index planes. */
  void gather(int index, ByteBuffer plane) {
    port.check(plane);
    bytes.put(index * port.sizeBytes(), plane, 0, port.sizeBytes());
  }

  void scatter(int index, ByteBuffer plane) {
    port.check(plane);
    plane.put(0, bytes, index * port.sizeBytes(), port.sizeBytes());
  }

  @Override
  public void close() {
    for (OnnxTensor tensor : byBatch) {
      tensor.close();
    }
  }
}

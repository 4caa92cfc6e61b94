package dev.nightfuse.engine.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.GraphProbe;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Looks into a graph of fixed sizes with ONNX Runtime on all processors. */
final class OrtProbe implements GraphProbe {

  private final OrtEnvironment environment;
  private final OrtSession session;

  OrtProbe(OrtEnvironment environment, Path onnx) throws EngineException {
    this.environment = environment;
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      this.session = environment.createSession(onnx.toString(), settings);
    } catch (OrtException e) {
      throw new EngineException("ONNX Runtime refuses " + onnx + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void run(Map<String, ByteBuffer> planes, BiConsumer<String, FloatBuffer> seen)
      throws EngineException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
        String name = input.getKey();
        ByteBuffer plane = planes.get(name);
        if (plane == null) {
          throw new EngineException("the graph reads " + name + ", which is not given");
        }
        TensorInfo info = (TensorInfo) input.getValue().getInfo();
        inputs.put(
            name,
            OnnxTensor.createTensor(
                environment, plane.duplicate().clear(), info.getShape(), OnnxJavaType.UINT8));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          if (output.getValue() instanceof OnnxTensor tensor
              && tensor.getInfo().type == OnnxJavaType.FLOAT) {
            seen.accept(output.getKey(), tensor.getFloatBuffer());
          }
        }
      }
    } catch (OrtException e) {
      throw new EngineException("measuring failed: " + e.getMessage(), e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() {
    OrtEngine.closeQuietly(session);
  }
}

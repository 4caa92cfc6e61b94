package dev.nightfuse.engine.network;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.nightfuse.engine.onnx.OnnxOps;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a recorded graph to a file and runs it with float inputs: the "as deployed" half of the
 * network tests.
 */
public final class GraphRunner {

  private GraphRunner() {}

  /** An input: its shape with a concrete batch, and its values. */
  public record Input(long[] shape, float[] values) {}

  public static Map<String, float[]> run(OnnxOps ops, Path folder, Map<String, Input> inputs)
      throws IOException, OrtException {
    Path file = Files.createTempFile(folder, "graph", ".onnx");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ops.write("test", channel);
    }
    try {
      return run(file, inputs);
    } finally {
      Files.delete(file);
    }
  }

  /** Runs a model file. */
  public static Map<String, float[]> run(Path file, Map<String, Input> inputs) throws OrtException {
    // As the backend asks for it: the process has one, and other settings would be complained
    // about.
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "nightfuse");
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = environment.createSession(file.toString(), options)) {
      for (Map.Entry<String, Input> input : inputs.entrySet()) {
        tensors.put(
            input.getKey(),
            OnnxTensor.createTensor(
                environment,
                FloatBuffer.wrap(input.getValue().values()),
                input.getValue().shape()));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        Map<String, float[]> outputs = new HashMap<>();
        for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
          FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          outputs.put(output.getKey(), values);
        }
        return outputs;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }
}

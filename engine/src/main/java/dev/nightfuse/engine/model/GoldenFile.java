package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.weights.SafetensorsWriter;
import dev.nightfuse.engine.weights.WeightTensor;
import dev.nightfuse.engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the FP32 graph made of the formula pairs, kept beside the model: any backend and precision
 * is judged against it later.
 */
final class GoldenFile {

  static final String NAME = "golden.safetensors";

  private GoldenFile() {}

  static void write(Path directory, PlaneOutputs outputs) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    add(writer, "fused_y", outputs.fused());
    add(writer, "labels", outputs.labels());
    writer.write(directory.resolve(NAME), Map.of("format", "nightfuse golden 1"));
  }

  private static void add(SafetensorsWriter writer, String name, List<ByteBuffer> planes) {
    for (int i = 0; i < planes.size(); i++) {
      ByteBuffer plane = planes.get(i);
      writer.add(
          name + i,
          List.of(plane.capacity()),
          () -> {
            float[] values = new float[plane.capacity()];
            for (int p = 0; p < values.length; p++) {
              values[p] = plane.get(p) & 0xff;
            }
            return values;
          });
    }
  }

  static PlaneOutputs read(Path directory) throws EngineException {
    try (WeightsFile file = WeightsFile.open(directory.resolve(NAME))) {
      return new PlaneOutputs(planes(file, "fused_y"), planes(file, "labels"));
    } catch (IOException e) {
      throw new EngineException(
          "cannot read " + directory.resolve(NAME) + ": " + e.getMessage(), e);
    }
  }

  private static List<ByteBuffer> planes(WeightsFile file, String name) throws EngineException {
    List<ByteBuffer> planes = new ArrayList<>();
    for (int i = 0; file.tensors().containsKey(name + i); i++) {
      WeightTensor tensor = file.tensors().get(name + i);
      if (tensor == null) {
        throw new AssertionError("just found");
      }
      float[] values = tensor.readFloats();
      ByteBuffer plane = ByteBuffer.allocate(values.length);
      for (int p = 0; p < values.length; p++) {
        plane.put(p, (byte) Math.round(values[p]));
      }
      planes.add(plane);
    }
    return planes;
  }
}

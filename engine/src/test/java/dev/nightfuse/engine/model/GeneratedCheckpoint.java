package dev.nightfuse.engine.model;

import dev.nightfuse.engine.network.Cost;
import dev.nightfuse.engine.network.GeneratedWeights;
import dev.nightfuse.engine.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes checkpoints of any network with the generator's weights, tensor by tensor. */
final class GeneratedCheckpoint {

  private GeneratedCheckpoint() {}

  static void write(Path file, ImportOptions options) throws IOException {
    write(file, options, key -> key);
  }

  /**
   * @param rename the key to write, or an empty text to leave the tensor out
   */
  static void write(Path file, ImportOptions options, UnaryOperator<String> rename)
      throws IOException {
    Map<String, Cost.Tensor> tensors =
        new HashMap<>(Checkpoint.cost(options, Deployment.GRID).tensors());
    SafetensorsWriter writer = new SafetensorsWriter();
    tensors.forEach(
        (key, tensor) -> {
          String name = rename.apply(key);
          if (!name.isEmpty()) {
            writer.add(
                name,
                Arrays.stream(tensor.shape().toArray()).boxed().toList(),
                () -> {
                  float[] values = new float[Math.toIntExact(tensor.shape().elements())];
                  // A store of its own, so that nothing large is kept.
                  GeneratedWeights.store().get(key, tensor.shape()).floats().get(values);
                  return values;
                });
          }
        });
    writer.write(file, Map.of());
  }
}

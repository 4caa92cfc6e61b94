package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.network.Cost;
import dev.nightfuse.engine.network.FormulaWeights;
import dev.nightfuse.engine.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Model folders of any network with {@link FormulaWeights}: as fast and as large as trained ones,
 * to measure backends where no checkpoint is at hand.
 */
public final class FormulaModel {

  private FormulaModel() {}

  /**
   * Makes the folder.
   *
   * @param reference records the FP32 outputs that backends are judged by
   * @throws EngineException when the model in FP16 is too far from FP32 with these weights
   */
  public static void make(
      ImportOptions options, Path directory, EngineProvider reference, ModelImporter.Listener heard)
      throws EngineException, IOException {
    Path parent = Files.createDirectories(directory.toAbsolutePath().getParent());
    Path checkpoint = Files.createTempFile(parent, "formula-", ".safetensors");
    try {
      writeCheckpoint(checkpoint, options, key -> key);
      new ModelImporter(reference, heard).run(checkpoint, options, directory, true);
    } finally {
      Files.deleteIfExists(checkpoint);
    }
  }

  /**
   * Writes a checkpoint, tensor by tensor.
   *
   * @param rename the key to write, or an empty text to leave the tensor out
   */
  static void writeCheckpoint(Path file, ImportOptions options, UnaryOperator<String> rename)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    Map<String, Cost.Tensor> tensors = FittedWeights.cost(options, Deployment.GRID).tensors();
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
                  FormulaWeights.store().get(key, tensor.shape()).floats().get(values);
                  return values;
                });
          }
        });
    writer.write(file, Map.of());
  }
}

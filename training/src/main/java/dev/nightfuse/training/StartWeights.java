package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.weights.WeightTensor;
import dev.nightfuse.engine.weights.WeightsFile;
import dev.nightfuse.training.settings.Settings;
import dev.nightfuse.training.settings.TrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Weights that a run begins with: the keys {@code start}, {@code start-keys} and {@code
 * start-prefix}.
 *
 * @param keys beginnings of the network's keys that are taken from the file; all when empty
 * @param prefix what stands before the file's keys in the network
 */
record StartWeights(Path file, List<String> keys, String prefix) {

  /** Null when the file names none. */
  static @Nullable StartWeights read(Settings top) {
    List<String> keys = top.texts("start-keys");
    String prefix = top.text("start-prefix", "");
    return top.path("start").map(file -> new StartWeights(file, keys, prefix)).orElse(null);
  }

  /**
   * Adds the values and shapes of the file that are wanted, under the network's keys.
   *
   * @throws TrainException when the file has nothing under one of the keys: it belongs to another
   *     network, or its keys lack a prefix
   */
  void read(Map<String, float[]> values, Map<String, List<Integer>> shapes)
      throws EngineException, TrainException {
    try (WeightsFile weights = WeightsFile.open(file)) {
      refuseMissing(weights.tensors().keySet());
      for (WeightTensor tensor : weights.tensors().values()) {
        String name = prefix + tensor.name();
        if (wanted(name)) {
          values.put(name, tensor.readFloats());
          shapes.put(name, tensor.shape());
        }
      }
    } catch (IOException e) {
      throw new EngineException("start: %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void refuseMissing(Collection<String> names) throws TrainException {
    for (String key : keys) {
      if (names.stream().noneMatch(name -> (prefix + name).startsWith(key))) {
        throw new TrainException(
            "start: %s has no key that begins with %s, but such as %s%s; see start-prefix"
                .formatted(file, key, prefix, names.stream().findFirst().orElse("none")));
      }
    }
  }

  private boolean wanted(String key) {
    return keys.isEmpty() || keys.stream().anyMatch(key::startsWith);
  }
}

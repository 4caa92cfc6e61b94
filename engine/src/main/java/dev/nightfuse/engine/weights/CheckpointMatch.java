package dev.nightfuse.engine.weights;

import dev.nightfuse.engine.EngineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a network wants against what a checkpoint holds. {@code module.} parts that PyTorch's
 * DataParallel leaves in keys, at the front or inside, are ignored.
 *
 * @param found tensors by the network's key names, in the network's order
 * @param missing keys that the network wants and the checkpoint lacks
 * @param extra keys that the checkpoint has and the network does not know
 * @param misshaped keys with another shape, each as "key: wanted [..], found [..]"
 */
public record CheckpointMatch(
    Map<String, WeightTensor> found,
    List<String> missing,
    List<String> extra,
    List<String> misshaped) {

  private static final int LISTED = 12;

  /**
   * Matches by key and shape.
   *
   * @param wanted shapes by key, as the network declares them
   */
  public static CheckpointMatch of(Map<String, List<Integer>> wanted, WeightsFile file) {
    Map<String, WeightTensor> held = new LinkedHashMap<>();
    file.tensors().forEach((key, tensor) -> held.put(withoutWrappers(key), tensor));
    Map<String, WeightTensor> found = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();
    wanted.forEach(
        (key, shape) -> {
          WeightTensor tensor = held.remove(key);
          if (tensor == null) {
            missing.add(key);
          } else if (!tensor.shape().equals(shape)) {
            misshaped.add("%s: wanted %s, found %s".formatted(key, shape, tensor.shape()));
          } else {
            found.put(key, tensor.renamed(key));
          }
        });
    return new CheckpointMatch(found, missing, List.copyOf(held.keySet()), misshaped);
  }

  private static String withoutWrappers(String key) {
    return Arrays.stream(key.split("\\.", -1))
        .filter(part -> !part.equals("module"))
        .collect(Collectors.joining("."));
  }

  /**
   * Returns the tensors when nothing is missing or misshaped.
   *
   * @throws EngineException otherwise; lists the keys by name
   */
  public Map<String, WeightTensor> orThrow(String network, WeightsFile file)
      throws EngineException {
    if (missing.isEmpty() && misshaped.isEmpty()) {
      return found;
    }
    StringBuilder message =
        new StringBuilder("checkpoint %s does not fit %s:".formatted(file.file(), network));
    describe(message, "missing", missing);
    describe(message, "of another shape", misshaped);
    describe(message, "not known to the network", extra);
    throw new EngineException(message.toString());
  }

  private static void describe(StringBuilder message, String what, List<String> keys) {
    if (keys.isEmpty()) {
      return;
    }
    message.append("%n  %d %s:".formatted(keys.size(), what));
    keys.stream().limit(LISTED).forEach(key -> message.append("%n    %s".formatted(key)));
    if (keys.size() > LISTED) {
      message.append("%n    ... and %d more".formatted(keys.size() - LISTED));
    }
  }
}

package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.torch.Initialiser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run begins or goes on with: the values of its checkpoint, then those of {@code start},
 * then fresh ones. No stage need ask for all of them; those that none has asked for so far go into
 * the next checkpoint and the saved weights as they are. One thread.
 */
final class FirstWeights implements Initialiser {

  private final Map<String, float[]> known = new LinkedHashMap<>();
  private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();
  private final Initialiser fresh;

  FirstWeights(@Nullable Checkpoint checkpoint, @Nullable StartWeights start, Initialiser fresh)
      throws EngineException, TrainException {
    this.fresh = fresh;
    if (start != null) {
      start.read(known, shapes);
    }
    if (checkpoint != null) {
      known.putAll(checkpoint.parameters());
      shapes.putAll(checkpoint.shapes());
    }
  }

  @Override
  public float[] values(String key, Shape shape) {
    float[] found = known.get(key);
    if (found == null) {
      return fresh.values(key, shape);
    }
    if (found.length != shape.elements()) {
      throw new IllegalArgumentException(
          "%s has %d values in start or checkpoint, the network needs %s; start-keys leaves it out"
              .formatted(key, found.length, shape));
    }
    return found;
  }

  /** The values of what was asked for, and of what is known besides. */
  Map<String, float[]> with(Map<String, float[]> learnt) {
    return both(learnt, known);
  }

  /** Likewise the shapes. */
  Map<String, List<Integer>> withShapes(Map<String, List<Integer>> learnt) {
    return both(learnt, shapes);
  }

  private static <V> Map<String, V> both(Map<String, V> learnt, Map<String, V> known) {
    Map<String, V> all = new LinkedHashMap<>(learnt);
    known.forEach(all::putIfAbsent);
    return all;
  }
}

package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.settings.TrainException;
import dev.nightfuse.training.torch.Initialiser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run begins or goes on with: the values of its checkpoint, then those of {@code start},
 * then fresh ones. No stage need ask for all of them; those that none has asked for so far go into
 * the next checkpoint and the saved weights as they are. One thread.
 */
final class FirstWeights implements Initialiser {

  private final Map<String, float[]> known = new LinkedHashMap<>();
  private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();
  private final Set<String> learnt;
  private final @Nullable StartWeights start;
  private final Initialiser fresh;

  FirstWeights(@Nullable Checkpoint checkpoint, @Nullable StartWeights start, Initialiser fresh)
      throws EngineException, TrainException {
    this.start = start;
    this.fresh = fresh;
    this.learnt = checkpoint == null ? Set.of() : checkpoint.parameters().keySet();
    if (start != null) {
      start.read(known, shapes);
    }
    if (checkpoint != null) {
      known.putAll(checkpoint.parameters());
      shapes.putAll(checkpoint.shapes());
    }
  }

  /**
   * @throws TrainException when what is known is of another size: it belongs to another network
   */
  @Override
  public float[] values(String key, Shape shape) {
    float[] found = known.get(key);
    if (found == null) {
      return fresh.values(key, shape);
    }
    if (found.length != shape.elements()) {
      throw new TrainException(
          learnt.contains(key)
              ? "the checkpoint of the run has %d values of %s, the network needs %s; --out names another folder, --restart begins anew"
                  .formatted(found.length, key, shape)
              : "start: %s: %s has %d values, the network needs %s; start-keys leaves it out"
                  .formatted(start == null ? "none" : start.file(), key, found.length, shape));
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

package dev.nightfuse.training;

import dev.nightfuse.training.settings.TrainException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run has been told until a checkpoint was written, as its file says it. A run goes on from
 * the checkpoint only with a file that says the same; what it is called, what is told how often,
 * how long the stage in progress is and what comes after it may change.
 *
 * @param values by key, and the names of data sets and stages in order; empty in checkpoints from
 *     before they were kept
 */
record LearntWith(Map<String, String> values) {

  private static final String STAGES = "stages";
  private static final String DATA = "data";
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("name", "log-every", "checkpoint-every", "validate-every", "validation-pairs");

  /**
   * @param stage index of the stage of the step that comes next
   * @param step of the stage; 0 when nothing of it was learnt
   */
  static LearntWith until(TrainConfig config, int stage, long step) {
    List<String> all = config.stages().stream().map(TrainConfig.StageConfig::name).toList();
    List<String> begun = all.subList(0, Math.min(all.size(), step > 0 ? stage + 1 : stage));
    String length = step > 0 && stage < all.size() ? all.get(stage) + ".steps" : "";
    Map<String, String> values = new LinkedHashMap<>();
    Set<String> sets = new LinkedHashSet<>();
    config
        .given()
        .forEach(
            (key, value) -> {
              String[] parts = key.split("\\.", 3);
              if (parts[0].equals(DATA)) {
                sets.add(parts[1]);
              }
              boolean later = parts[0].equals(STAGES) && !begun.contains(parts[1]);
              if (!later && !WITHOUT_EFFECT.contains(key) && !key.equals(STAGES + "." + length)) {
                values.put(key, value);
              }
            });
    // The order of both counts: data sets are thrown by number.
    values.put(DATA, String.join(", ", sets));
    values.put(STAGES, String.join(", ", begun));
    return new LearntWith(values);
  }

  /**
   * @param checkpoint for the message
   * @throws TrainException when the file says something else now; names the first difference
   */
  void requireSame(LearntWith now, Path checkpoint) throws TrainException {
    if (values.isEmpty()) {
      return;
    }
    Set<String> keys = new LinkedHashSet<>(now.values.keySet());
    keys.addAll(values.keySet());
    for (String key : keys) {
      String before = values.getOrDefault(key, "not given");
      String given = now.values.getOrDefault(key, "not given");
      if (!before.equals(given)) {
        throw new TrainException(
            "%s was learnt with %s: %s, the file says %s; change it back, name another folder with --out, or begin anew with --restart"
                .formatted(checkpoint, key, before, given));
      }
    }
  }
}

package dev.nightfuse.fusion;

/**
 * How rigs share an engine.
 *
 * @param maxBatch most pairs in one call, 1 to 64
 * @param collectUs longest time that a pair waits for the pairs of other rigs; a rig alone never
 *     waits
 * @param openTimeoutMs longest time that a live rig's first pair waits for the engine to open
 * @param fuseTimeoutMs longest time that a live rig waits for the engine before it goes on without
 * @param firstRetryMs pause before a failed engine is opened again; doubles with every failure
 * @param longestRetryMs bound of that pause
 */
public record BatchSettings(
    int maxBatch,
    int collectUs,
    int openTimeoutMs,
    int fuseTimeoutMs,
    int firstRetryMs,
    int longestRetryMs) {

  public BatchSettings {
    if (maxBatch < 1 || maxBatch > 64) {
      throw new IllegalArgumentException(
          "batch of %d pairs: 1 to 64 are allowed".formatted(maxBatch));
    }
    if (collectUs < 0 || collectUs > 100_000) {
      throw new IllegalArgumentException(
          "collecting a batch for %d us: 0 to 100000 are allowed".formatted(collectUs));
    }
    if (openTimeoutMs < 1
        || fuseTimeoutMs < 1
        || firstRetryMs < 1
        || longestRetryMs < firstRetryMs) {
      throw new IllegalArgumentException(
          "engine times of %d, %d, %d and %d ms: 1 or more, and the longest retry not below the first"
              .formatted(openTimeoutMs, fuseTimeoutMs, firstRetryMs, longestRetryMs));
    }
  }

  public static BatchSettings defaults() {
    return new BatchSettings(8, 3_000, 3_000, 2_000, 1_000, 30_000);
  }
}

package dev.nightfuse.fusion;

/**
 * How rigs share an engine.
 *
 * @param maxBatch most pairs in one call, 1 to 64
 * @param collectUs longest time that a pair waits for the pairs of other rigs; a rig alone never
 *     waits
 * @param openTimeoutMs longest time that a live rig's first pair waits for the engine to open
 * @param pairWaitMs longest time that a live rig holds a pair for the engine; a slower engine's
 *     pictures follow when they are ready, and pairs in between go on with its last one
 * @param fuseTimeoutMs age up to which the engine's last picture is shown before the rig goes on
 *     without; longer where the engine was measured to need it
 * @param firstRetryMs pause before a failed engine is opened again; doubles with every failure
 * @param longestRetryMs bound of that pause
 * @param checkEveryMs time after which an engine that can looks for errors of its own, when no pair
 *     waits
 */
public record BatchSettings(
    int maxBatch,
    int collectUs,
    int openTimeoutMs,
    int pairWaitMs,
    int fuseTimeoutMs,
    int firstRetryMs,
    int longestRetryMs,
    int checkEveryMs) {

  private static final int CHECK_EVERY_MS = 180_000;

  /** With the usual time between checks. */
  public BatchSettings(
      int maxBatch,
      int collectUs,
      int openTimeoutMs,
      int pairWaitMs,
      int fuseTimeoutMs,
      int firstRetryMs,
      int longestRetryMs) {
    this(
        maxBatch,
        collectUs,
        openTimeoutMs,
        pairWaitMs,
        fuseTimeoutMs,
        firstRetryMs,
        longestRetryMs,
        CHECK_EVERY_MS);
  }

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
        || pairWaitMs < 1
        || fuseTimeoutMs < 1
        || firstRetryMs < 1
        || checkEveryMs < 1
        || longestRetryMs < firstRetryMs) {
      throw new IllegalArgumentException(
          "engine times of %d, %d, %d, %d, %d and %d ms: 1 or more, and the longest retry not below the first"
              .formatted(
                  openTimeoutMs,
                  pairWaitMs,
                  fuseTimeoutMs,
                  firstRetryMs,
                  longestRetryMs,
                  checkEveryMs));
    }
  }

  public static BatchSettings defaults() {
    return new BatchSettings(8, 3_000, 3_000, 250, 2_000, 1_000, 30_000);
  }

  /** The same times for other rigs. */
  public BatchSettings sharedBy(int rigs, int collectUs) {
    return new BatchSettings(
        rigs,
        collectUs,
        openTimeoutMs,
        pairWaitMs,
        fuseTimeoutMs,
        firstRetryMs,
        longestRetryMs,
        checkEveryMs);
  }
}

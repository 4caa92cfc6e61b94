package dev.nightfuse.sync;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import java.util.ArrayList;
import java.util.List;

/**
 * How frames are matched.
 *
 * @param pacing {@link Pacing#LIVE} waits by the clock and drops what comes too late; {@link
 *     Pacing#AS_TAKEN} waits by capture times alone and loses nothing to slow processing
 * @param toleranceNs largest distance in capture time of two frames that are shown as one picture
 * @param maxWaitNs longest time that a visible frame waits for its infrared frame
 * @param maxHoldNs oldest infrared frame that is shown again while the camera owes the next one
 * @param ffcHoldNs oldest infrared frame that is shown again during flat-field correction
 * @param queueFrames frames that each camera may have waiting, 2 to 64
 * @param visibleOffsetNs how much later than the exposure the visible camera's stamps are
 * @param infraredOffsetNs how much later than the exposure the infrared camera's stamps are
 */
public record SyncSettings(
    Pacing pacing,
    long toleranceNs,
    long maxWaitNs,
    long maxHoldNs,
    long ffcHoldNs,
    int queueFrames,
    long visibleOffsetNs,
    long infraredOffsetNs) {

  private static final long MS = 1_000_000;
  private static final int MOST_FRAMES = 64;

  /** Of a fast camera; what a slower one has waiting takes fewer frames. */
  private static final int FRAMES_PER_SECOND = 60;

  private static final SyncSettings LIVE =
      new SyncSettings(Pacing.LIVE, 20 * MS, 40 * MS, 300 * MS, 3_000 * MS, 4, 0, 0);

  public SyncSettings {
    atLeastZero("tolerance", toleranceNs);
    atLeastZero("maximum wait", maxWaitNs);
    atLeastZero("maximum hold", maxHoldNs);
    atLeastZero("hold during flat-field correction", ffcHoldNs);
    if (queueFrames < 2 || queueFrames > MOST_FRAMES) {
      throw new IllegalArgumentException(
          "sync queue of %d frames: 2 to %d are allowed".formatted(queueFrames, MOST_FRAMES));
    }
  }

  /** For cameras. */
  public static SyncSettings live() {
    return LIVE;
  }

  /** For cameras, with room for the frames that wait at these times, as far as is allowed. */
  public static SyncSettings live(
      long toleranceNs,
      long maxWaitNs,
      long maxHoldNs,
      long ffcHoldNs,
      long visibleOffsetNs,
      long infraredOffsetNs) {
    long frames =
        LIVE.queueFrames
            + framesIn(waitingNs(maxWaitNs, visibleOffsetNs, infraredOffsetNs) - LIVE.maxWaitNs);
    return new SyncSettings(
        Pacing.LIVE,
        toleranceNs,
        maxWaitNs,
        maxHoldNs,
        ffcHoldNs,
        (int) Math.max(LIVE.queueFrames, Math.min(frames, MOST_FRAMES)),
        visibleOffsetNs,
        infraredOffsetNs);
  }

  /** What these times ask for and cannot have, in words; empty where all can be matched. */
  public List<String> limits() {
    List<String> limits = new ArrayList<>();
    long aheadNs = infraredOffsetNs - visibleOffsetNs;
    if (aheadNs > 0 && aheadNs + toleranceNs > maxWaitNs) {
      limits.add(
          "a visible frame comes %d ms before the infrared frame of its time (offset_ms), its partner may be %d ms later still (sync.tolerance_ms), and it waits %d ms at most"
                  .formatted(aheadNs / MS, toleranceNs / MS, maxWaitNs / MS)
              + " (sync.wait_ms): it goes out with an earlier one, or alone");
    }
    long waitingNs = waitingNs(maxWaitNs, visibleOffsetNs, infraredOffsetNs);
    if (queueFrames < framesIn(waitingNs)) {
      limits.add(
          "sync.wait_ms and the difference of offset_ms ask to keep the frames of %d ms; %d frames are kept, of %d ms at %d and %d ms at %d frames per second"
              .formatted(
                  waitingNs / MS,
                  queueFrames,
                  1000 * queueFrames / FRAMES_PER_SECOND,
                  FRAMES_PER_SECOND,
                  2000 * queueFrames / FRAMES_PER_SECOND,
                  FRAMES_PER_SECOND / 2));
    }
    return limits;
  }

  /**
   * How long frames wait: visible ones for their partners, infrared ones for later visible ones.
   */
  private static long waitingNs(long maxWaitNs, long visibleOffsetNs, long infraredOffsetNs) {
    return maxWaitNs + Math.max(0, visibleOffsetNs - infraredOffsetNs);
  }

  private static long framesIn(long timeNs) {
    return (timeNs * FRAMES_PER_SECOND + 999 * MS) / (1000 * MS);
  }

  /** For files: every frame is matched, however long it takes. */
  public static SyncSettings asTaken() {
    return new SyncSettings(Pacing.AS_TAKEN, 20 * MS, 40 * MS, 300 * MS, 3_000 * MS, 4, 0, 0);
  }

  long offsetNs(Modality modality) {
    return modality == Modality.VISIBLE ? visibleOffsetNs : infraredOffsetNs;
  }

  private static void atLeastZero(String what, long valueNs) {
    if (valueNs < 0) {
      throw new IllegalArgumentException(
          "sync %s of %d ns: must not be negative".formatted(what, valueNs));
    }
  }
}

package dev.nightfuse.sync;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;

/**
 * How frames are matched.
 *
 * @param pacing {@link Pacing#LIVE} waits by the clock and drops what comes too late; {@link
 *     Pacing#AS_TAKEN} waits by capture times alone and loses nothing to slow processing
 * @param toleranceNs largest distance in capture time of two frames that are shown as one picture
 * @param maxWaitNs longest time that a visible frame waits for its infrared frame
 * @param maxHoldNs oldest infrared frame that is shown again while the camera owes the next one
 * @param ffcHoldNs oldest infrared frame that is shown again during flat-field correction
 * @param queueFrames frames that each camera may have waiting, 2 to 16
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

  public SyncSettings {
    atLeastZero("tolerance", toleranceNs);
    atLeastZero("maximum wait", maxWaitNs);
    atLeastZero("maximum hold", maxHoldNs);
    atLeastZero("hold during flat-field correction", ffcHoldNs);
    if (queueFrames < 2 || queueFrames > 16) {
      throw new IllegalArgumentException(
          "sync queue of %d frames: 2 to 16 are allowed".formatted(queueFrames));
    }
  }

  /** For cameras. */
  public static SyncSettings live() {
    return new SyncSettings(Pacing.LIVE, 20 * MS, 40 * MS, 300 * MS, 3_000 * MS, 4, 0, 0);
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

package dev.nightfuse.sync;

import dev.nightfuse.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What the synchronizer emits: one picture time, with one frame of each camera where there is one.
 *
 * <p>The receiver owns one reference to each frame that is present and releases it.
 *
 * @param kind how the two belong together
 * @param cause why it is not a match of two new frames
 * @param visible the visible frame, or null
 * @param infrared the infrared frame, or null
 * @param captureNs capture time of the pair, offset-corrected: that of the visible frame where
 *     there is one; strictly increasing from pair to pair
 * @param skewNs infrared minus visible capture time, offset-corrected; 0 when only one is there
 * @param infraredAgeNs how old a held infrared frame is at {@code captureNs}; 0 when it is new
 */
public record FramePair(
    Kind kind,
    Cause cause,
    @Nullable Frame visible,
    @Nullable Frame infrared,
    long captureNs,
    long skewNs,
    long infraredAgeNs) {

  /** How the two frames of a pair belong together. */
  public enum Kind {
    /** Both new, within the tolerance. */
    MATCHED,
    /** The visible frame is new, the infrared frame was used before and is held. */
    INFRARED_HELD,
    VISIBLE_ONLY,
    INFRARED_ONLY
  }

  /** Why a pair is not a match of two new frames. */
  public enum Cause {
    /** It is one. */
    NONE,
    /** The infrared camera is slower and its next frame is not due yet: nothing is wrong. */
    SLOWER,
    /** The infrared camera's next frame is overdue. */
    OVERDUE,
    /** The infrared camera corrects its flat field. */
    FFC,
    /** Both cameras deliver, but not within the tolerance. */
    SKEW,
    /** The visible camera repeats an old picture. */
    FROZEN,
    /** The other camera does not deliver. */
    LOST
  }

  public FramePair retain() {
    if (visible != null) {
      visible.retain();
    }
    if (infrared != null) {
      infrared.retain();
    }
    return this;
  }

  public void release() {
    if (visible != null) {
      visible.release();
    }
    if (infrared != null) {
      infrared.release();
    }
  }
}

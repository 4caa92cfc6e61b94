package dev.nightfuse.sync;

import java.util.Locale;

/** What became of a frame that was offered: exactly one of these for every frame. */
public enum SyncOutcome {
  /** Went out with a new frame of the other camera. */
  MATCHED(true),
  /** A visible frame that went out with an infrared frame used before. */
  WITH_HELD(true),
  /** Went out alone. */
  ALONE(true),
  /** A faster camera's frame between two pictures: a nearer one was used. */
  SURPLUS(false),
  /** Came when its picture had already gone out; may still be shown as a held frame. */
  LATE(false),
  /** The other camera had no frame within the tolerance. */
  UNMATCHED(false),
  /** The queue was full. */
  OVERLOAD(false),
  /** Its capture time lies before that of the camera's previous frame. */
  OUT_OF_ORDER(false),
  /** Its capture time is that of the camera's previous frame. */
  DUPLICATE(false),
  /** Its capture time is more than 10 s ago or more than 1 s ahead. */
  IMPLAUSIBLE(false),
  /** Still waiting when the synchronizer was closed. */
  FLUSHED(false);

  private final boolean shown;

  SyncOutcome(boolean shown) {
    this.shown = shown;
  }

  /** Whether the frame went out in a pair of its own time. */
  public boolean shown() {
    return shown;
  }

  /** The name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.nightfuse.camera;

/**
 * How long a camera that says nothing about its rate may be silent before it counts as lost: as
 * long as is usual, or three of its own periods where it is slow. Until its period is known, three
 * times as long as is usual, or a slow camera would be lost before it had shown that it is one.
 *
 * <p>One thread at a time. Times are the caller's.
 */
public final class SilenceLimit {

  private static final int PERIODS = 3;
  private static final int UNKNOWN = 3;

  /** Frames with two intervals between them. */
  private static final int KNOWN = 3;

  private static final long MILLI_NS = 1_000_000L;

  private final long usualMs;
  private int frames;
  private long lastNs;
  private long intervalNs;
  private long intervalBeforeNs;

  /**
   * @param usualMs for a camera of a usual rate
   */
  public SilenceLimit(long usualMs) {
    this.usualMs = usualMs;
  }

  /** A frame has come. */
  public void frame(long nowNs) {
    intervalBeforeNs = intervalNs;
    intervalNs = nowNs - lastNs;
    lastNs = nowNs;
    frames = Math.min(frames + 1, KNOWN);
  }

  /** The longest silence now. */
  public long limitMs() {
    if (frames < KNOWN) {
      return UNKNOWN * usualMs;
    }
    // The shorter of two: one pause does not make a camera slow.
    return Math.max(usualMs, PERIODS * Math.min(intervalNs, intervalBeforeNs) / MILLI_NS);
  }
}

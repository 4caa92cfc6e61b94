package dev.nightfuse.camera;

import java.util.Arrays;

/**
 * How long a camera that says nothing about its rate may be silent before it counts as lost: as
 * long as is usual, or three of its own periods where it is slow. Until its period is known, three
 * times as long as is usual, or a slow camera would be lost before it had shown that it is one.
 *
 * <p>The period is the median of the last few intervals: neither a pause nor a frame that comes
 * right behind another changes it. Frames that come in one burst, as a server sends those it has
 * kept to whoever connects, count as one frame.
 *
 * <p>One thread at a time. Times are the caller's.
 */
public final class SilenceLimit {

  private static final int PERIODS = 3;
  private static final int UNKNOWN = 3;
  private static final int WINDOW = 7;
  private static final long MILLI_NS = 1_000_000L;
  private static final long NEVER = Long.MIN_VALUE;

  private final long usualMs;

  /**
   * Intervals below this belong to a burst. Those of a fast camera add up to less than twice as
   * much, which is the longest period of which three are still within what is usual.
   */
  private final long burstNs;

  private final long[] intervals = new long[WINDOW];
  private final long[] sorted = new long[WINDOW];
  private int count;
  private int next;
  private long lastNs = NEVER;
  private long periodNs;

  /**
   * @param usualMs for a camera of a usual rate
   */
  public SilenceLimit(long usualMs) {
    this.usualMs = usualMs;
    this.burstNs = usualMs * MILLI_NS / (2 * PERIODS);
  }

  /** A frame has come. */
  public void frame(long nowNs) {
    if (lastNs != NEVER) {
      if (nowNs - lastNs < burstNs) {
        return;
      }
      intervals[next] = nowNs - lastNs;
      next = (next + 1) % WINDOW;
      count = Math.min(count + 1, WINDOW);
      System.arraycopy(intervals, 0, sorted, 0, count);
      Arrays.sort(sorted, 0, count);
      periodNs = sorted[(count - 1) / 2];
    }
    lastNs = nowNs;
  }

  /** The camera was lost; what comes next may be as fast as it likes. */
  public void reset() {
    count = 0;
    next = 0;
    lastNs = NEVER;
    periodNs = 0;
  }

  /** The longest silence now. */
  public long limitMs() {
    return Math.max(count < WINDOW ? UNKNOWN * usualMs : usualMs, PERIODS * periodNs / MILLI_NS);
  }
}

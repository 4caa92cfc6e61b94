package dev.nightfuse.telemetry;

/**
 * Rate of a counter over the last two seconds, or where it moves more seldom, by its last step. Fed
 * with the counter's value now and then, by whoever comes by; values closer together than a quarter
 * of a second are ignored. One thread at a time.
 */
final class SlidingRate {

  static final long SPACING_NS = 250_000_000L;
  private static final long WINDOW_NS = 2_000_000_000L;
  private static final int SLOTS = 16;

  /** A counter that stands still for this many of its steps has stopped. */
  private static final int STEPS_TO_STOP = 3;

  private final long[] timesNs = new long[SLOTS];
  private final long[] counts = new long[SLOTS];
  private int newest = -1;
  private int filled;
  private long movedNs;
  private long stepNs;

  void sample(long nowNs, long count) {
    if (newest >= 0 && nowNs - timesNs[newest] < SPACING_NS) {
      return;
    }
    if (newest < 0) {
      movedNs = nowNs;
    } else if (count > counts[newest]) {
      stepNs = (nowNs - movedNs) / (count - counts[newest]);
      movedNs = nowNs;
    }
    newest = (newest + 1) % SLOTS;
    timesNs[newest] = nowNs;
    counts[newest] = count;
    filled = Math.min(filled + 1, SLOTS);
  }

  double perSecond(long nowNs, long count) {
    long standingNs = nowNs - movedNs;
    return stepNs > WINDOW_NS / 2 && standingNs < STEPS_TO_STOP * stepNs
        ? 1e9 / Math.max(stepNs, standingNs)
        : perSecondInWindow(nowNs, count);
  }

  /** From the oldest value within the window, or the newest before it, until now. */
  private double perSecondInWindow(long nowNs, long count) {
    for (int back = filled - 1; back >= 0; back--) {
      int slot = Math.floorMod(newest - back, SLOTS);
      boolean last = back == 0;
      if ((last || nowNs - timesNs[slot] <= WINDOW_NS) && nowNs > timesNs[slot]) {
        return (count - counts[slot]) * 1e9 / (nowNs - timesNs[slot]);
      }
    }
    return 0;
  }
}

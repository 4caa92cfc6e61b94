package dev.nightfuse.telemetry;

/**
 * Rate of a counter over the last two seconds. Fed with the counter's value now and then, by
 * whoever comes by; values closer together than a quarter of a second are ignored. One thread at a
 * time.
 */
final class SlidingRate {

  static final long SPACING_NS = 250_000_000L;
  private static final long WINDOW_NS = 2_000_000_000L;
  private static final int SLOTS = 16;

  private final long[] timesNs = new long[SLOTS];
  private final long[] counts = new long[SLOTS];
  private int newest = -1;
  private int filled;

  void sample(long nowNs, long count) {
    if (newest >= 0 && nowNs - timesNs[newest] < SPACING_NS) {
      return;
    }
    newest = (newest + 1) % SLOTS;
    timesNs[newest] = nowNs;
    counts[newest] = count;
    filled = Math.min(filled + 1, SLOTS);
  }

  /** Per second, from the oldest value within the window, or the newest before it, until now. */
  double perSecond(long nowNs, long count) {
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

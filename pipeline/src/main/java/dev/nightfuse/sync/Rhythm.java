package dev.nightfuse.sync;

/**
 * The period of a camera and the time its frames take to get here, from the last few frames. The
 * median ignores a dropped frame; a mean would not.
 */
final class Rhythm {

  private static final int WINDOW = 7;
  private static final int LEAST = 2;

  private final long[] intervals = new long[WINDOW];
  private final long[] delays = new long[WINDOW];
  private final long[] sorted = new long[WINDOW];
  private int count;
  private int next;
  private long periodNs;
  private long delayNs;

  void frame(long intervalNs, long delayOfFrameNs) {
    // A camera that turned faster is believed at once: to wait in vain is better than to miss.
    if (count >= LEAST && 5 * intervalNs < 3 * periodNs) {
      count = 0;
      next = 0;
      periodNs = intervalNs;
    }
    intervals[next] = intervalNs;
    delays[next] = delayOfFrameNs;
    next = (next + 1) % WINDOW;
    count = Math.min(count + 1, WINDOW);
    if (count >= LEAST) {
      periodNs = median(intervals);
      delayNs = median(delays);
    }
  }

  void reset() {
    count = 0;
    next = 0;
    periodNs = 0;
    delayNs = 0;
  }

  /** 0 until three frames were seen. */
  long periodNs() {
    return periodNs;
  }

  long delayNs() {
    return delayNs;
  }

  private long median(long[] values) {
    for (int i = 0; i < count; i++) {
      long value = values[i];
      int j = i;
      while (j > 0 && sorted[j - 1] > value) {
        sorted[j] = sorted[j - 1];
        j--;
      }
      sorted[j] = value;
    }
    return sorted[(count - 1) / 2];
  }
}

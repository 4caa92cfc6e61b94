package dev.nightfuse.encode;

/**
 * How many pictures a second come, by their capture times: the mean of the last second at 30. Any
 * thread.
 */
final class PictureRate {

  private static final int INTERVALS = 30;

  /** The first pictures of a start come as they can, and are no rate. */
  private static final int FIRST = 90;

  /** A slow camera's picture is shown again at that rate. */
  private static final long LEAST_FPS = 5;

  private static final long MOST_FPS = 240;

  private final long[] timesNs = new long[INTERVALS + 1];
  private long count;

  synchronized void picture(long captureNs) {
    timesNs[slot(count++)] = captureNs;
  }

  /** In whole pictures, {@value #LEAST_FPS} to {@value #MOST_FPS}; 0 while it is not known. */
  synchronized double perSecond() {
    if (count <= FIRST + INTERVALS) {
      return 0;
    }
    long spanNs = timesNs[slot(count - 1)] - timesNs[slot(count - 1 - INTERVALS)];
    long rounded = Math.round(INTERVALS * 1e9 / Math.max(spanNs, 1));
    return Math.max(LEAST_FPS, Math.min(rounded, MOST_FPS));
  }

  private int slot(long number) {
    return (int) (number % timesNs.length);
  }
}

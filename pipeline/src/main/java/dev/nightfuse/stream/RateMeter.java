package dev.nightfuse.stream;

/** Bytes per second over the last whole second. Safe for every thread. */
final class RateMeter {

  private static final long WINDOW_NS = 1_000_000_000L;

  private long windowStartNs;
  private long windowBytes;
  private double bytesPerS;
  private boolean started;

  synchronized void add(long nowNs, int bytes) {
    roll(nowNs);
    windowBytes += bytes;
  }

  synchronized double bytesPerS(long nowNs) {
    roll(nowNs);
    return bytesPerS;
  }

  private void roll(long nowNs) {
    if (!started) {
      started = true;
      windowStartNs = nowNs;
    }
    long elapsedNs = nowNs - windowStartNs;
    if (elapsedNs < WINDOW_NS) {
      return;
    }
    // A window that ended long ago says nothing about now.
    bytesPerS = elapsedNs < 2 * WINDOW_NS ? windowBytes * 1e9 / elapsedNs : 0;
    windowBytes = 0;
    windowStartNs = nowNs;
  }
}

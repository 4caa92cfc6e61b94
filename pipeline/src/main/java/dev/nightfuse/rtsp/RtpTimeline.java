package dev.nightfuse.rtsp;

/**
 * Maps the frame clock to 32-bit RTP time at 90 kHz. The first picture after every start gets
 * exactly the announced timestamp, so that RTP-Info can name it before it exists; all others keep
 * their distance in capture time to it. The wall clock has no part in it.
 */
final class RtpTimeline {
  static final int CLOCK_HZ = 90_000;

  private static final int NOMINAL_FRAME_TICKS = 3_000;

  private int startTimestamp;
  private int lastTimestamp;
  private long originNs;
  private boolean running;

  RtpTimeline(int startTimestamp) {
    this.startTimestamp = startTimestamp;
  }

  /**
   * Begins anew with the next picture and tells its timestamp. RTP time goes on without the pause
   * (RFC 2326 appendix B: contiguous across jumps of the normal play time).
   */
  int restart() {
    if (running) {
      startTimestamp = lastTimestamp + NOMINAL_FRAME_TICKS;
      running = false;
    }
    return startTimestamp;
  }

  /** False until the first picture after a start. */
  boolean running() {
    return running;
  }

  /** Timestamp of a picture, to be called in order of sending. */
  int pictureAt(long captureNs) {
    if (!running) {
      originNs = captureNs;
      running = true;
    }
    lastTimestamp = at(captureNs);
    return lastTimestamp;
  }

  /** RTP time of any moment, also one before the first picture. */
  int at(long timeNs) {
    // 90 000 / 1e9 = 9 / 100 000; the product overflows after 32 years of one session.
    return startTimestamp + (int) Math.floorDiv((timeNs - originNs) * 9, 100_000L);
  }
}

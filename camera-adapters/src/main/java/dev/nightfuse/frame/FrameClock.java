package dev.nightfuse.frame;

/**
 * The one source of time. Every frame time in the program is on this clock: monotonic nanoseconds,
 * arbitrary origin, unmoved by steps of the wall clock. Tests inject one that they advance by hand.
 * Safe for every thread.
 */
public interface FrameClock {

  /** Monotonic time now, in nanoseconds. */
  long nowNs();

  /**
   * Wall-clock time now, in nanoseconds since 1970-01-01 UTC; for labels, file names and RTCP,
   * never for intervals.
   */
  long wallNowNs();

  /** The machine's clock. */
  static FrameClock system() {
    return SystemClock.INSTANCE;
  }
}

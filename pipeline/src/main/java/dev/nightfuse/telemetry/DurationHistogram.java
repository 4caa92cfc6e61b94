package dev.nightfuse.telemetry;

import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/**
 * Distribution of a duration since start, from a microsecond to a minute, to 1 %. Safe for every
 * thread; recording neither waits nor allocates.
 */
public final class DurationHistogram {

  private static final long LOWEST_NS = 1_000;
  private static final long HIGHEST_NS = 60_000_000_000L;
  private static final int DIGITS = 2;

  private final AtomicHistogram values = new AtomicHistogram(LOWEST_NS, HIGHEST_NS, DIGITS);

  /** Counts one duration; what lies outside the range is counted at its end. */
  public void record(long durationNs) {
    values.recordValue(Math.max(0, Math.min(durationNs, HIGHEST_NS)));
  }

  /** A copy, for exporters. */
  public Histogram copy() {
    Histogram copy = empty();
    copyInto(copy);
    return copy;
  }

  /**
   * Likewise without allocating.
   *
   * @param copy made by {@link #empty()}
   */
  void copyInto(Histogram copy) {
    values.copyInto(copy);
  }

  /** A histogram of the same range, to copy into or to add up in. */
  static Histogram empty() {
    return new Histogram(LOWEST_NS, HIGHEST_NS, DIGITS);
  }
}

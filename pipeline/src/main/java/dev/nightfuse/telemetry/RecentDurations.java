package dev.nightfuse.telemetry;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * What a histogram counted within the last minute, 50 to 60 seconds of it: all that it holds, less
 * what it held then. Recording has no part in it. Every ten seconds whoever comes by keeps a copy
 * of what there is, in memory that is there from the beginning. One thread at a time.
 */
final class RecentDurations {

  static final long SPACING_NS = 10_000_000_000L;
  private static final int MARKS = 6;

  private final DurationHistogram all;
  private final Histogram[] marks = new Histogram[MARKS];
  private int oldest;
  private long dueNs;

  /**
   * @param headStartNs how much sooner than a whole spacing the first copy is made: a copy takes a
   *     millisecond before it is compiled, so many histograms are not copied in one go
   */
  RecentDurations(DurationHistogram all, long nowNs, long headStartNs) {
    this.all = all;
    this.dueNs = nowNs + SPACING_NS - headStartNs % SPACING_NS;
    Arrays.setAll(marks, i -> all.copy());
  }

  /** To be called at least as often as the histogram's owner does something. */
  void sample(long nowNs) {
    if (nowNs < dueNs) {
      return;
    }
    long missed = (nowNs - dueNs) / SPACING_NS;
    dueNs += (missed + 1) * SPACING_NS;
    // Nobody came by because nothing was done: what there is now was there at the missed times.
    for (long i = Math.max(0, missed + 1 - MARKS); i <= missed; i++) {
      all.copyInto(marks[oldest]);
      oldest = (oldest + 1) % MARKS;
    }
  }

  /** A copy of what the last minute added, in nanoseconds. */
  Histogram copy(long nowNs) {
    sample(nowNs);
    Histogram recent = all.copy();
    recent.subtract(marks[oldest]);
    return recent;
  }

  DurationHistogram all() {
    return all;
  }
}

package dev.nightfuse.telemetry;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/**
 * Counters of one stage of one rig: how many it handled, how long each took, how many it dropped.
 * Handed to the stage's constructor. Safe for every thread; recording neither waits nor allocates.
 */
public final class StageMetrics {

  private final String rig;
  private final String stage;
  private final LongAdder processed = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder busyNs = new LongAdder();
  private final DurationHistogram durations = new DurationHistogram();

  /**
   * @param rig name of the rig, or "" for something that all rigs share
   * @param stage name of the stage: {@code capture-visible}, {@code sync}, {@code register}, {@code
   *     fuse}, {@code overlay}, {@code encode}, {@code send}
   */
  public StageMetrics(String rig, String stage) {
    this.rig = rig;
    this.stage = stage;
  }

  /** One unit of work is done and took {@code durationNs}. */
  public void processed(long durationNs) {
    processed.increment();
    busyNs.add(Math.max(0, durationNs));
    durations.record(durationNs);
  }

  /** One frame or unit went no further. */
  public void dropped() {
    dropped.increment();
  }

  public String rig() {
    return rig;
  }

  public String stage() {
    return stage;
  }

  public long processedCount() {
    return processed.sum();
  }

  public long droppedCount() {
    return dropped.sum();
  }

  /** All durations together. */
  public long busyNs() {
    return busyNs.sum();
  }

  /** A copy of the histogram of durations in nanoseconds since start. */
  public Histogram durationsNs() {
    return durations.copy();
  }

  DurationHistogram durations() {
    return durations;
  }
}

package dev.nightfuse.sync;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.telemetry.DurationHistogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of every frame, and the skew of every pair. Written by the synchronizer, read by
 * anyone: safe for every thread, neither waits nor allocates while recording.
 */
public final class SyncStatistics {

  private final Map<SyncOutcome, LongAdder> visible = counters();
  private final Map<SyncOutcome, LongAdder> infrared = counters();
  private final DurationHistogram skew = new DurationHistogram();

  void record(Modality modality, SyncOutcome outcome) {
    counter(modality, outcome).increment();
  }

  void recordSkew(long skewNs) {
    skew.record(Math.abs(skewNs));
  }

  public long count(Modality modality, SyncOutcome outcome) {
    return counter(modality, outcome).sum();
  }

  /** Frames of a camera that were not shown at their own time, for any reason. */
  public long dropped(Modality modality) {
    long sum = 0;
    for (SyncOutcome outcome : SyncOutcome.values()) {
      sum += outcome.shown() ? 0 : count(modality, outcome);
    }
    return sum;
  }

  /** The absolute skew of matched pairs. */
  public DurationHistogram skew() {
    return skew;
  }

  private LongAdder counter(Modality modality, SyncOutcome outcome) {
    Map<SyncOutcome, LongAdder> counters = modality == Modality.VISIBLE ? visible : infrared;
    return Objects.requireNonNull(counters.get(outcome));
  }

  private static Map<SyncOutcome, LongAdder> counters() {
    Map<SyncOutcome, LongAdder> counters = new EnumMap<>(SyncOutcome.class);
    for (SyncOutcome outcome : SyncOutcome.values()) {
      counters.put(outcome, new LongAdder());
    }
    return counters;
  }
}

package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * One pair on its way through the engine, as {@link FusionLane#submit} gives it out. Holds its own
 * references, so that a rig that stops waiting may go on while the engine still writes. Guarded by
 * the worker's lock.
 */
public final class FusionJob {

  final EngineSpec spec;
  final long submittedNs;
  private final Runnable whenDone;
  private final Frame visible;
  private final Frame infrared;
  private final Frame fused;
  private final @Nullable Frame labels;

  boolean done;
  @Nullable EngineException failure;

  FusionJob(
      EngineSpec spec,
      long submittedNs,
      Runnable whenDone,
      Frame visible,
      Frame infrared,
      Frame fused,
      @Nullable Frame labels) {
    this.spec = spec;
    this.submittedNs = submittedNs;
    this.whenDone = whenDone;
    this.visible = visible.retain();
    this.infrared = infrared.retain();
    this.fused = fused.retain();
    this.labels = labels == null ? null : labels.retain();
  }

  void addTo(FusionBatch batch) {
    batch.add(
        visible.plane(0),
        visible.plane(1),
        visible.plane(2),
        infrared.plane(0),
        fused.plane(0),
        labels == null ? null : labels.plane(0));
  }

  /** Ends the job once: tells the outcome, gives the frames back, wakes who waits. */
  void finish(@Nullable EngineException outcome) {
    done = true;
    failure = outcome;
    visible.release();
    infrared.release();
    fused.release();
    if (labels != null) {
      labels.release();
    }
    whenDone.run();
  }
}

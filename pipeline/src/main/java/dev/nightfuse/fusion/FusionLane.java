package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import org.jspecify.annotations.Nullable;

/**
 * One rig's way to a shared engine. Used by the rig's thread, which leaves no more than {@link
 * #ahead()} pairs at a time; they are done in that order. {@link #describe()} by any.
 */
public final class FusionLane implements AutoCloseable {

  private final FusionBatcher batcher;
  private final EngineWorker worker;
  private final FrameClock clock;
  private boolean closed;

  FusionLane(FusionBatcher batcher, EngineWorker worker, FrameClock clock) {
    this.batcher = batcher;
    this.worker = worker;
    this.clock = clock;
  }

  /**
   * What the engine takes and gives; waits for it to be opened.
   *
   * @param patient wait as long as it takes (files), rather than the time in {@link BatchSettings}
   *     (cameras)
   * @throws EngineException when there is no engine now; it is opened again in the background
   */
  public EngineSpec spec(boolean patient) throws EngineException, InterruptedException {
    return worker.awaitOpen(patient);
  }

  /** Pairs to leave here at a time so that the engine is never idle; 1 where it takes one. */
  public int ahead() {
    return worker.ahead();
  }

  /**
   * Leaves one pair with the engine and returns at once. The frames are the engine's until the job
   * is done or was abandoned, and hold references of their own.
   *
   * @param spec what {@link #spec} gave; labels must have its label size
   * @throws EngineException when there is no engine now
   */
  public FusionJob submit(
      EngineSpec spec, Frame visible, Frame infrared, Frame fused, @Nullable Frame labels)
      throws EngineException {
    return submit(spec, visible, infrared, fused, labels, () -> {});
  }

  /**
   * The same for a caller that does not wait.
   *
   * @param whenDone runs when the job has ended in any way, mostly on the engine's thread and with
   *     its lock held: must neither wait nor ask this lane
   */
  FusionJob submit(
      EngineSpec spec,
      Frame visible,
      Frame infrared,
      Frame fused,
      @Nullable Frame labels,
      Runnable whenDone)
      throws EngineException {
    FusionJob job = new FusionJob(spec, clock.nowNs(), whenDone, visible, infrared, fused, labels);
    worker.submit(job);
    return job;
  }

  /** Whether the pair's outputs are written, after a wait; throws when they never will be. */
  public boolean await(FusionJob job, long maxWaitNs) throws EngineException, InterruptedException {
    return worker.await(job, maxWaitNs);
  }

  /** Nobody wants the pair any more; its outputs may still be written to. */
  public void abandon(FusionJob job) {
    worker.abandon(job);
  }

  /** How long a live rig holds a pair for the engine: not at all for one known to be slow. */
  long pairWaitNs() {
    return worker.pairWaitNs();
  }

  /** How long after it was left here a picture may be shown, by the engine's measured speed. */
  long showableNs() {
    return worker.showableNs();
  }

  /** The engine in words. */
  public String describe() {
    return worker.describe();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      batcher.leave(worker);
    }
  }
}

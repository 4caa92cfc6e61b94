package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import org.jspecify.annotations.Nullable;

/**
 * One rig's way to a shared engine. Used by the rig's thread; {@link #describe()} by any.
 *
 * <p>{@code patient} callers wait as long as it takes (files); others give up after the times in
 * {@link BatchSettings} (cameras).
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
   * @throws EngineException when there is no engine now; it is opened again in the background
   */
  public EngineSpec spec(boolean patient) throws EngineException, InterruptedException {
    return worker.awaitOpen(patient);
  }

  /**
   * Fuses one pair and returns when fused luma and labels are written.
   *
   * @param spec what {@link #spec} gave; labels must have its label size
   * @throws EngineException when there is no result; the outputs may still be written to, so do not
   *     use them
   */
  public void fuse(
      EngineSpec spec,
      Frame visible,
      Frame infrared,
      Frame fused,
      @Nullable Frame labels,
      boolean patient)
      throws EngineException, InterruptedException {
    worker.fuse(new FusionJob(spec, clock.nowNs(), visible, infrared, fused, labels), patient);
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

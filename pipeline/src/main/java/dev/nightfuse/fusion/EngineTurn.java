package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.telemetry.StageMetrics;
import org.jspecify.annotations.Nullable;

/**
 * A live rig's pair in the engine, and the newest picture that came out: the rig goes on while a
 * slow engine works. Nothing here waits.
 *
 * <pre>
 *   pair --&gt; free? --yes--&gt; engine --ready in time--&gt; this pair's picture
 *              |no                  \--later--------&gt; newest picture, shown with the pairs of then
 *              +--&gt; skipped, counted
 * </pre>
 *
 * <p>One thread at a time.
 */
final class EngineTurn {

  /**
   * A picture that the engine made.
   *
   * @param submittedNs when its pair was left with the engine
   */
  record Result(EngineOutputs outputs, long captureNs, long submittedNs) {}

  private record Running(FusionJob job, Result result) {}

  private final FrameClock clock;
  private final StageMetrics metrics;
  private final Runnable whenDone;
  private @Nullable Running running;
  private @Nullable Result newest;
  private boolean shown;

  /**
   * @param metrics takes how long each picture was with the engine, and the pairs skipped meanwhile
   * @param whenDone runs when the engine has done with a pair, on its thread; must not wait
   */
  EngineTurn(FrameClock clock, StageMetrics metrics, Runnable whenDone) {
    this.clock = clock;
    this.metrics = metrics;
    this.whenDone = whenDone;
  }

  /** Whether a pair would be taken now; otherwise the engine is still busy with an earlier one. */
  boolean free(FusionLane lane) throws EngineException, InterruptedException {
    boolean free = collect(lane);
    if (!free) {
      metrics.dropped();
    }
    return free;
  }

  /** Leaves a pair with the engine; takes over the references to outputs. */
  void start(
      FusionLane lane,
      EngineSpec spec,
      FramePair pair,
      Frame visible,
      Frame registered,
      EngineOutputs outputs)
      throws EngineException {
    Result result = new Result(outputs, pair.captureNs(), clock.nowNs());
    try {
      FusionJob job =
          lane.submit(spec, visible, registered, outputs.fused(), outputs.labels(), whenDone);
      running = new Running(job, result);
    } catch (EngineException e) {
      outputs.release();
      throw e;
    }
  }

  /** The newest picture, while it is not too old to be shown; stays the turn's. */
  @Nullable Result newest(FusionLane lane) {
    Result result = newest;
    boolean showable = result != null && clock.nowNs() - result.submittedNs() <= lane.showableNs();
    return showable ? result : null;
  }

  /** Whether the newest picture is shown for the first time now. */
  boolean takeFirstShowing() {
    boolean first = !shown;
    shown = true;
    return first;
  }

  /**
   * Takes what the engine has done: whether it has nothing of this rig any more.
   *
   * @throws EngineException when the engine failed with the pair
   */
  boolean collect(FusionLane lane) throws EngineException, InterruptedException {
    Running now = running;
    if (now == null) {
      return true;
    }
    try {
      if (!lane.await(now.job(), 0)) {
        return false;
      }
    } catch (EngineException e) {
      running = null;
      now.result().outputs().release();
      throw e;
    }
    running = null;
    metrics.processed(clock.nowNs() - now.result().submittedNs());
    replaceNewest(now.result());
    return true;
  }

  private void replaceNewest(@Nullable Result result) {
    if (newest != null) {
      newest.outputs().release();
    }
    newest = result;
    shown = false;
  }

  /** The rig wants nothing more of this engine; a pair inside it ends when it ends. */
  void end(FusionLane lane) {
    Running now = running;
    if (now != null) {
      running = null;
      lane.abandon(now.job());
      now.result().outputs().release();
    }
    replaceNewest(null);
  }
}

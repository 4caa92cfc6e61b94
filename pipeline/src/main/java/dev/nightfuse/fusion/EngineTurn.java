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
 * slow engine works. A quick engine is waited for, so that each pair has its own picture.
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
  record Result(Frame fused, @Nullable Frame labels, long captureNs, long submittedNs) {

    void release() {
      fused.release();
      if (labels != null) {
        labels.release();
      }
    }
  }

  private record Running(FusionJob job, Result result) {}

  private final FrameClock clock;
  private final StageMetrics metrics;
  private @Nullable Running running;
  private @Nullable Result newest;
  private boolean shown;

  /**
   * @param metrics takes how long each picture was with the engine, and the pairs skipped meanwhile
   */
  EngineTurn(FrameClock clock, StageMetrics metrics) {
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Whether a pair would be taken now; otherwise the engine is still busy with an earlier one. */
  boolean free(FusionLane lane) throws EngineException, InterruptedException {
    collect(lane, 0);
    if (running != null) {
      metrics.dropped();
    }
    return running == null;
  }

  /** Leaves a pair with the engine; takes over the references to fused and labels. */
  void start(
      FusionLane lane,
      EngineSpec spec,
      FramePair pair,
      Frame visible,
      Frame registered,
      Frame fused,
      @Nullable Frame labels)
      throws EngineException, InterruptedException {
    Result result = new Result(fused, labels, pair.captureNs(), clock.nowNs());
    try {
      running = new Running(lane.submit(spec, visible, registered, fused, labels), result);
    } catch (EngineException e) {
      result.release();
      throw e;
    }
    collect(lane, lane.pairWaitNs());
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

  private void collect(FusionLane lane, long maxWaitNs)
      throws EngineException, InterruptedException {
    Running now = running;
    if (now == null) {
      return;
    }
    try {
      if (!lane.await(now.job(), maxWaitNs)) {
        return;
      }
    } catch (EngineException e) {
      running = null;
      now.result().release();
      throw e;
    }
    running = null;
    metrics.processed(clock.nowNs() - now.result().submittedNs());
    replaceNewest(now.result());
  }

  private void replaceNewest(@Nullable Result result) {
    if (newest != null) {
      newest.release();
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
      now.result().release();
    }
    replaceNewest(null);
  }
}

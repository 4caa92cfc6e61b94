package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.telemetry.StageMetrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live rig's pair from the moment it was left with the engine until there is something to show
 * with it: its own picture, a slow engine's last one with its age, or a blend when the engine
 * failed. Nothing here waits but for an engine's first opening.
 *
 * <p>One thread at a time.
 */
final class LiveFusion {

  private static final Logger LOG = LoggerFactory.getLogger(LiveFusion.class);

  /**
   * Shown when the engine has done with it; from {@code untilNs} on with what there is. Owns a
   * reference to each frame.
   *
   * @param failure why the engine did not take it
   */
  private record Awaited(
      FramePair pair,
      Frame visible,
      Frame registered,
      Canvas canvas,
      long untilNs,
      @Nullable EngineException failure) {

    void release() {
      registered.release();
      pair.release();
    }
  }

  private final PictureMaker pictures;
  private final FrameClock clock;
  private final StageMetrics metrics;
  private final FusionStage.Surroundings rig;
  private @Nullable Awaited awaited;
  private boolean engineWorked = true;

  /**
   * @param metrics takes pairs that are given up
   */
  LiveFusion(
      PictureMaker pictures, FrameClock clock, StageMetrics metrics, FusionStage.Surroundings rig) {
    this.pictures = pictures;
    this.clock = clock;
    this.metrics = metrics;
    this.rig = rig;
  }

  /** Whether a pair is awaited: no other can be started. */
  boolean busy() {
    return awaited != null;
  }

  /** When to {@link #collect} if the engine tells nothing before. */
  long dueNs() {
    Awaited now = awaited;
    return now == null ? Long.MAX_VALUE : now.untilNs();
  }

  /**
   * Leaves a pair with the engine, if that is free: it is awaited then, or was given up (counted)
   * for lack of memory. Borrows all.
   */
  void start(FramePair pair, Frame visible, Frame registered, Canvas canvas)
      throws InterruptedException {
    EngineException failure = null;
    long untilNs = clock.nowNs();
    try {
      EngineSpec spec = canvas.openEngine(false);
      FusionLane lane = canvas.lane();
      EngineTurn turn = canvas.turn();
      // While it is busy with an earlier pair it is not waited for.
      if (turn.free(lane)) {
        // A slow engine's picture is shown for long, to whoever comes meanwhile.
        boolean labels = lane.pairWaitNs() == 0 || rig.wantsLabels();
        EngineOutputs outputs = pictures.outputs(spec, labels, pair, visible, canvas);
        if (outputs == null) {
          metrics.dropped();
          return;
        }
        turn.start(lane, spec, pair, visible, registered, outputs);
        untilNs = clock.nowNs() + lane.pairWaitNs();
      }
    } catch (EngineException e) {
      failure = e;
    }
    awaited = new Awaited(pair.retain(), visible, registered.retain(), canvas, untilNs, failure);
  }

  /**
   * The picture of the pair that is awaited, once the engine has done or it is overdue; null before
   * that, and when it was given up (counted) for lack of memory. The caller owns it.
   */
  @Nullable FusedFrame collect() throws InterruptedException {
    Awaited now = awaited;
    if (now == null) {
      return null;
    }
    EngineException failure = now.failure();
    FusedFrame picture = null;
    if (failure == null) {
      try {
        boolean done = now.canvas().turn().collect(now.canvas().lane());
        if (!done && clock.nowNs() < now.untilNs()) {
          return null;
        }
        picture = newest(now);
      } catch (EngineException e) {
        failure = e;
      }
    }
    if (failure == null && !engineWorked) {
      LOG.info("fused by the engine again");
    } else if (failure != null && engineWorked) {
      LOG.warn("fused by a simple blend: {}", failure.getMessage());
    }
    engineWorked = failure == null;
    if (failure != null) {
      // Another frame than the engine was given: it may still write to that one.
      picture = pictures.blended(now.pair(), now.visible(), now.registered(), now.canvas());
    }
    if (picture == null) {
      metrics.dropped();
    }
    end();
    return picture;
  }

  /** The engine's newest picture with the awaited pair, mostly its own. */
  private FusedFrame newest(Awaited now) throws EngineException {
    EngineTurn turn = now.canvas().turn();
    EngineTurn.Result newest = turn.newest(now.canvas().lane());
    EngineSpec spec = now.canvas().spec();
    if (newest == null || spec == null) {
      throw new EngineException("the engine gave no picture in time");
    }
    boolean repeated = !turn.takeFirstShowing();
    long ageNs = Math.max(0, now.pair().captureNs() - newest.captureNs());
    return pictures.byEngine(
        spec, now.pair(), newest.outputs().retain(), now.registered().retain(), ageNs, repeated);
  }

  /** The pair is awaited no more. */
  void end() {
    Awaited now = awaited;
    if (now != null) {
      awaited = null;
      now.release();
    }
  }
}

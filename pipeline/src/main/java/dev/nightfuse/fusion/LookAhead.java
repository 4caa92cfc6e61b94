package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a rig that reads files, from the moment their pairs were left with the engine
 * until they are handed on, in the order of their pairs: while the engine computes one, the next is
 * registered and handed over. None is lost and none overtakes another.
 *
 * <pre>
 *   pair 5: registered --&gt; pair 4: queued --&gt; pairs 3, 2: in the engine --&gt; pair 1: drawn
 * </pre>
 *
 * <p>For a live rig these are pictures that are ready; its pair in the engine is {@link
 * EngineTurn}'s, for a live pair that waits behind another only becomes an older picture.
 *
 * <p>One thread at a time. Owns the frames of what is in it.
 */
final class LookAhead {

  /** A picture whose outputs the job writes. */
  private record InEngine(FusionLane lane, FusionJob job) {}

  private record Ahead(@Nullable InEngine inEngine, FusedFrame picture) {}

  private final FrameClock clock;
  private final StageMetrics metrics;
  private final Deque<Ahead> pictures = new ArrayDeque<>();

  /**
   * @param metrics takes how long each picture was with the engine, and those given up
   */
  LookAhead(FrameClock clock, StageMetrics metrics) {
    this.clock = clock;
    this.metrics = metrics;
  }

  int size() {
    return pictures.size();
  }

  /** Takes over a picture that needs no engine. */
  void add(FusedFrame picture) {
    pictures.add(new Ahead(null, picture));
  }

  /** Takes over a picture that the engine will have written when the job is done. */
  void add(FusionLane lane, FusionJob job, FusedFrame picture) {
    pictures.add(new Ahead(new InEngine(lane, job), picture));
  }

  /**
   * The oldest picture, waited for; the caller owns it.
   *
   * @throws EngineException when the engine failed; everything is still owned here
   */
  FusedFrame take() throws EngineException, InterruptedException {
    Ahead oldest = pictures.element();
    await(oldest);
    InEngine inEngine = oldest.inEngine;
    if (inEngine != null) {
      metrics.processed(clock.nowNs() - inEngine.job.submittedNs);
    }
    return pictures.remove().picture;
  }

  /** Waits until the engine has done with all of them. */
  void settle() throws EngineException, InterruptedException {
    for (Ahead ahead : pictures) {
      await(ahead);
    }
  }

  private static void await(Ahead ahead) throws EngineException, InterruptedException {
    InEngine inEngine = ahead.inEngine;
    boolean done = inEngine == null;
    while (inEngine != null && !done) {
      done = inEngine.lane.await(inEngine.job, Long.MAX_VALUE);
    }
  }

  /** Gives all up, counted; what is inside the engine keeps its frames until it ends. */
  void end() {
    for (Ahead ahead : pictures) {
      InEngine inEngine = ahead.inEngine;
      if (inEngine != null) {
        inEngine.lane.abandon(inEngine.job);
      }
      ahead.picture.release();
      metrics.dropped();
    }
    pictures.clear();
  }
}

package dev.nightfuse.app;

import dev.nightfuse.app.ArrivalBox.Arrival;
import dev.nightfuse.app.ArrivalBox.Note;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.encode.EncoderException;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.fusion.FusionStage;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.sync.FrameSynchronizer;
import dev.nightfuse.sync.PairLine;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one rig: takes what its cameras deliver, matches it, fuses it, hands it on.
 *
 * <p>Live it never waits for the engine, but for arrivals and for the engine's word that it has
 * done: the next pair is matched and registered meanwhile, and is with the engine before the
 * picture of the last one is handed on.
 *
 * <p><b>Thread.</b> One of its own, {@code rig-NAME}; started by {@link #start()}, joined by {@link
 * #close()}. The consumer is called on it. <b>Ownership.</b> The loop owns box, synchronizer, line
 * and stage, and closes them.
 */
final class RigLoop implements AutoCloseable {

  /** What becomes of fused frames. */
  interface Consumer {
    /**
     * Borrows the frame for the call.
     *
     * @throws EncoderException to end the loop
     */
    void fused(FusedFrame frame) throws EncoderException, InterruptedException;

    /**
     * No picture came for a while: the last one again, so that viewers stay connected. It is as it
     * was while a slow camera has its next to come, and labelled with what is missing otherwise.
     * Borrows the frame for the call.
     */
    default void still(FusedFrame frame) {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(RigLoop.class);
  private static final long JOIN_MS = 3_000;

  /** Viewers take a second without a picture for a fault. */
  private static final long STILL_AFTER_NS = 800_000_000;

  /** Five a second are enough for a picture that does not move. */
  private static final long STILL_PERIOD_NS = 200_000_000;

  /** What the next picture may be older than the last one was, when it is handed on. */
  private static final long STILL_BEHIND_NS = 200_000_000;

  private static final long STEP_NS = 1_000_000;

  private final String rig;
  private final boolean live;
  private final ArrivalBox box;
  private final FrameSynchronizer synchronizer;
  private final PairLine line;
  private final FusionStage stage;
  private final FrameClock clock;
  private final Consumer consumer;
  private final LongAdder movements = new LongAdder();
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
  private final Thread thread;

  // The loop's own: the last picture, retained, and when to show it again.
  private @Nullable FusedFrame last;
  private long stillAtNs = Long.MAX_VALUE;
  private long keptNs;
  private long arrivedNs;
  private long stillCaptureNs = Long.MIN_VALUE;

  RigLoop(
      String rig,
      ArrivalBox box,
      FrameSynchronizer synchronizer,
      PairLine line,
      FusionStage stage,
      FrameClock clock,
      Consumer consumer) {
    this.rig = rig;
    this.live = box.pacing() == Pacing.LIVE;
    this.box = box;
    this.synchronizer = synchronizer;
    this.line = line;
    this.stage = stage;
    this.clock = clock;
    this.consumer = consumer;
    this.thread = new Thread(this::run, "rig-" + rig);
  }

  void start() {
    thread.start();
  }

  /** Where a camera of this rig delivers. */
  FrameSink sink(Modality modality) {
    return box.sink(rig, modality);
  }

  /** The camera is gone; its next frame brings it back. */
  void lost(Modality modality) {
    box.tell(modality, Note.LOST);
  }

  /**
   * What shows that the loop is well: pictures handed on, and stills while no camera delivers or a
   * slow one has its next to come. It stands still when the loop hangs or has ended, and when
   * cameras deliver and nothing comes of it.
   */
  long movements() {
    return movements.sum();
  }

  /**
   * Completes when both finite sources are at their end and everything was handed on, or with what
   * went wrong.
   */
  CompletableFuture<@Nullable Void> end() {
    return end;
  }

  /** Why the loop ended by itself, or null while it runs and when it ended as it should. */
  @Nullable Throwable failure() {
    return end.isCompletedExceptionally() ? end.handle((nothing, e) -> e).join() : null;
  }

  private void run() {
    try {
      while (!box.closed() && !drained()) {
        // Everything that has arrived is offered before the next pair is chosen, so that a loop
        // that was late goes on with the newest.
        for (Arrival arrival = box.take(untilNs(), this::accepts);
            arrival != null;
            arrival = box.take(Long.MIN_VALUE, this::accepts)) {
          offer(arrival);
        }
        match();
        fuse();
        repeatLast();
      }
      end.complete(null);
    } catch (InterruptedException e) {
      end.completeExceptionally(e);
    } catch (EngineException | EncoderException e) {
      // With files only, and whoever waits for their end tells it.
      end.completeExceptionally(e);
    } catch (RuntimeException e) {
      LOG.error("rig {} stops: {}", rig, e.getMessage(), e);
      end.completeExceptionally(e);
    } catch (Error e) {
      // Not ours to handle, but nobody must wait for pictures that never come.
      LOG.error("rig {} stops: {}", rig, e.toString());
      end.completeExceptionally(e);
      throw e;
    } finally {
      box.close();
      keep(null);
      synchronizer.close();
      line.close();
      stage.close();
    }
  }

  /** Live, what is newest is always taken: a thermal camera may be many times as fast. */
  private boolean accepts(Modality modality) {
    return live || synchronizer.accepts(modality);
  }

  private boolean drained() {
    return !live && synchronizer.drained() && line.isEmpty() && stage.pending() == 0;
  }

  /** Until when there is nothing to do unless something arrives or the engine has done. */
  private long untilNs() throws InterruptedException {
    if (!line.isEmpty() && stage.takes()) {
      return Long.MIN_VALUE;
    }
    return Math.min(Math.min(synchronizer.nextWakeUpNs(), stage.dueNs()), stillAtNs);
  }

  private void offer(Arrival arrival) {
    long nowNs = clock.nowNs();
    if (arrival.frame() != null) {
      arrivedNs = nowNs;
    }
    arrival.offerTo(synchronizer, nowNs);
  }

  private void match() {
    while (line.accepts()) {
      long nowNs = clock.nowNs();
      FramePair pair = synchronizer.poll(nowNs);
      if (pair == null) {
        return;
      }
      line.add(pair, nowNs);
    }
  }

  private void fuse() throws EngineException, EncoderException, InterruptedException {
    FramePair pair = stage.takes() ? line.take(clock.nowNs()) : null;
    // With files, what the engine has in hand is waited for when there is nothing more to give it.
    FusedFrame fused = pair == null ? stage.next() : stage.process(pair);
    if (fused != null) {
      try {
        movements.increment();
        FusedFrame shown = afterStill(fused);
        keep(shown);
        consumer.fused(shown);
      } finally {
        fused.release();
      }
    }
    FramePair coming = stage.takes() ? null : line.peek(clock.nowNs());
    if (coming != null) {
      stage.prepare(coming);
    }
  }

  /**
   * Outputs want times that grow. A picture that took so long that it was taken before the last
   * still's time is not lost, but goes right behind it.
   */
  private FusedFrame afterStill(FusedFrame fused) {
    if (fused.captureNs() > stillCaptureNs) {
      return fused;
    }
    stillCaptureNs += STEP_NS;
    return fused.later(stillCaptureNs - fused.captureNs(), false, fused.degradations());
  }

  private void keep(@Nullable FusedFrame frame) {
    if (last != null) {
      last.release();
    }
    last = live && frame != null ? frame.retain() : null;
    keptNs = clock.nowNs();
    stillAtNs = last == null ? Long.MAX_VALUE : keptNs + STILL_AFTER_NS;
  }

  private void repeatLast() {
    FusedFrame frame = last;
    long nowNs = clock.nowNs();
    if (frame == null || nowNs < stillAtNs) {
      return;
    }
    stillAtNs = nowNs + STILL_PERIOD_NS;
    boolean stuck = nowNs - keptNs >= synchronizer.patienceNs();
    if (!stuck || nowNs - arrivedNs >= STILL_AFTER_NS) {
      movements.increment();
    }
    Set<Degradation> missing = missing(nowNs, stuck);
    // On the outputs' time line it is where the next picture would be if it were handed on now, or
    // a little before: that one has been taken already, and must come behind.
    long laterNs = nowNs - keptNs - STILL_BEHIND_NS;
    stillCaptureNs = frame.captureNs() + laterNs;
    consumer.still(frame.later(laterNs, true, missing.isEmpty() ? frame.degradations() : missing));
  }

  /**
   * What is not there for a picture; nothing while a slow camera has its next frame to come.
   *
   * @param stuck whether cameras may deliver, but nothing comes of it
   */
  private Set<Degradation> missing(long nowNs, boolean stuck) {
    if (synchronizer.ended()) {
      return EnumSet.of(Degradation.ENDED);
    }
    Set<Degradation> missing = EnumSet.noneOf(Degradation.class);
    if (synchronizer.visibleFrozen()) {
      missing.add(Degradation.VISIBLE_FROZEN);
    } else if (stuck || synchronizer.silent(Modality.VISIBLE, nowNs)) {
      missing.add(Degradation.VISIBLE_LOST);
    }
    if (synchronizer.shutterClosed()) {
      missing.add(Degradation.FFC);
    } else if (stuck || synchronizer.silent(Modality.INFRARED, nowNs)) {
      missing.add(Degradation.INFRARED_LOST);
    }
    return Collections.unmodifiableSet(missing);
  }

  /** Ends the loop; bounded. */
  @Override
  public void close() {
    box.close();
    try {
      thread.join(JOIN_MS);
      if (thread.isAlive()) {
        // An engine that hangs; the interrupt reaches every wait of the loop.
        thread.interrupt();
        thread.join(JOIN_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

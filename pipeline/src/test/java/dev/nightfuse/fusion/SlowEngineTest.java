package dev.nightfuse.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.sync.FramePair.Cause;
import dev.nightfuse.sync.FramePair.Kind;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine that takes six seconds for a picture, on a clock that only the test moves. */
@Timeout(60)
final class SlowEngineTest {

  private static final int SIDE = 64;
  private static final long CALL_MS = 6_000;

  /** A pair is held longer than a test may last: whoever waits for the slow engine is found out. */
  private static final int PAIR_WAIT_MS = 5_900;

  private final HandClock clock = new HandClock();
  private final FakeEngines engines = new FakeEngines(true);
  private final FusionBatcher batcher =
      new FusionBatcher(engines, new BatchSettings(1, 0, 5_000, PAIR_WAIT_MS, 2_000, 1, 5), clock);
  private final StageMetrics metrics = new StageMetrics("rig", "fuse");
  private final Semaphore done = new Semaphore(0);
  private boolean wantsLabels = true;
  private final FusionStage stage =
      new FusionStage(
          FusionSettings.live().withNoiseReduction(false),
          Alignment.sameFieldOfView(),
          null,
          batcher,
          clock,
          new StageMetrics("rig", "register"),
          metrics,
          new FusionStage.Surroundings() {
            @Override
            public void engineDone() {
              done.release();
            }

            @Override
            public boolean wantsLabels() {
              return wantsLabels;
            }
          });
  private final FramePool visiblePool =
      new FramePool(new FrameFormat(PixelFormat.I420, SIDE, SIDE), 6);
  private final FramePool infraredPool =
      new FramePool(new FrameFormat(PixelFormat.GRAY8, SIDE, SIDE), 6);
  private long sequence;

  @AfterEach
  void everyFrameComesBack() {
    stage.close();
    batcher.close();
    assertEquals(0, visiblePool.leased(), "visible frames not released");
    assertEquals(0, infraredPool.leased(), "infrared frames not released");
    assertEquals(engines.opened.get(), engines.closed.get(), "engines not closed");
  }

  private Frame frame(FramePool pool, int value) {
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    for (int i = 0; i < SIDE * SIDE; i++) {
      frame.plane(0).put(i, (byte) value);
    }
    frame.stamp(sequence, clock.nowNs(), clock.nowNs());
    return frame;
  }

  /** A pair captured now; all its pixels have these values. */
  private FramePair pair(int visible, int infrared) {
    sequence++;
    return new FramePair(
        Kind.MATCHED,
        Cause.NONE,
        frame(visiblePool, visible),
        frame(infraredPool, infrared),
        clock.nowNs(),
        0,
        0);
  }

  /** What is shown of a pair at once, for the engine is known to be slow. */
  private FusedFrame process(int visible, int infrared) throws Exception {
    FusedFrame fused = stage.process(pair(visible, infrared));
    assertNotNull(fused);
    assertEquals(0, stage.pending());
    return fused;
  }

  private static int luma(Frame frame) {
    return frame.plane(0).get(SIDE + 1) & 0xff;
  }

  /** The first pair; from then on the engine is known to be slow. */
  private void learnSpeed() throws Exception {
    CountDownLatch gate = engines.hold();
    assertNull(stage.process(pair(30, 90)), "a quick engine's picture is waited for");
    engines.work = () -> clock.advanceMs(CALL_MS);
    engines.hang = null;
    gate.countDown();
    assertTrue(done.tryAcquire(20, TimeUnit.SECONDS), "the engine tells that it has done");
    FusedFrame first = stage.next();
    assertNotNull(first);
    assertEquals(Set.of(), first.degradations());
    first.release();
    engines.work = () -> {};
  }

  /** Lets the engine answer, after the time that a call takes. */
  private void answer(CountDownLatch gate) {
    clock.advanceMs(CALL_MS);
    engines.hang = null;
    gate.countDown();
  }

  /** Pairs go by until the picture that the engine was given comes out. */
  private FusedFrame untilNew(int visible) throws Exception {
    long deadlineNs = FrameClock.system().nowNs() + 20_000_000_000L;
    while (FrameClock.system().nowNs() < deadlineNs) {
      // Quick calls make it a quick engine again, which is waited for.
      FusedFrame fused = stage.process(pair(visible, 90));
      if (fused == null) {
        fused = Await.value("a picture", Await.USUAL, stage::next);
      }
      if (!fused.repeated() && !fused.degradations().contains(Degradation.ENGINE_FALLBACK)) {
        return fused;
      }
      fused.release();
    }
    throw new AssertionError("the engine's picture did not come out");
  }

  @Test
  void process_engineBusy_camerasGoOnWithItsLastPictureAndItsAge() throws Exception {
    learnSpeed();
    CountDownLatch gate = engines.hold();
    long lastNs = clock.nowNs() - CALL_MS * 1_000_000;
    for (int i = 0; i < 10; i++) {
      FusedFrame fused = process(40 + i, 90);
      Frame visible = fused.visible();
      Frame labels = fused.labels();
      assertNotNull(visible);
      assertNotNull(labels);
      assertEquals(40 + i, luma(visible), "the visible camera is live");
      assertEquals(clock.nowNs(), fused.captureNs());
      assertEquals(FakeEngines.fused(30, 90), luma(fused.fused()));
      assertEquals(90 / 32, labels.plane(0).get(0));
      assertEquals(clock.nowNs() - lastNs, fused.fusedAgeNs());
      assertTrue(fused.repeated());
      assertEquals(Set.of(Degradation.ENGINE_SLOW), fused.degradations());
      fused.release();
      clock.advanceMs(33);
    }
    assertEquals(9, metrics.droppedCount(), "pairs that came while the engine was busy");
    assertEquals(1, metrics.processedCount(), "pictures that the engine made");
    answer(gate);
  }

  @Test
  void process_engineDone_newPictureIsShownOnceAsNewThenRepeated() throws Exception {
    learnSpeed();
    CountDownLatch gate = engines.hold();
    process(40, 90).release();
    long startedNs = clock.nowNs();
    assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
    CountDownLatch next = engines.hold();
    clock.advanceMs(CALL_MS);
    gate.countDown();
    FusedFrame late = untilNew(50);
    assertEquals(FakeEngines.fused(40, 90), luma(late.fused()));
    assertEquals(clock.nowNs() - startedNs, late.fusedAgeNs());
    assertEquals(Set.of(Degradation.ENGINE_SLOW), late.degradations());
    late.release();
    FusedFrame again = process(51, 90);
    assertTrue(again.repeated());
    again.release();
    answer(next);
    double sumMs = metrics.durationsNs().getMean() / 1e6 * metrics.processedCount();
    assertTrue(sumMs >= 2 * CALL_MS * 0.95, "the time with the engine is told: " + sumMs);
  }

  @Test
  void process_nobodyWantsLabels_slowEngineGivesThemAllTheSame() throws Exception {
    learnSpeed();
    wantsLabels = false;
    CountDownLatch gate = engines.hold();
    process(40, 90).release();
    assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
    CountDownLatch next = engines.hold();
    clock.advanceMs(CALL_MS);
    gate.countDown();
    FusedFrame late = untilNew(50);
    assertNotNull(late.labels(), "whoever comes in the next six seconds may want them");
    late.release();
    answer(next);
  }

  @Test
  void process_engineHangs_itsPictureStaysForFourCallsThenABlendIsShown() throws Exception {
    learnSpeed();
    CountDownLatch gate = engines.hold();
    process(40, 90).release();
    clock.advanceMs(3 * CALL_MS - 1);
    FusedFrame still = process(41, 90);
    assertEquals(Set.of(Degradation.ENGINE_SLOW), still.degradations());
    still.release();
    clock.advanceMs(2);
    FusedFrame blend = process(42, 16);
    assertEquals(Set.of(Degradation.ENGINE_FALLBACK), blend.degradations());
    assertFalse(blend.repeated());
    assertEquals(0, blend.fusedAgeNs());
    blend.release();
    engines.hang = null;
    gate.countDown();
    int seen = 0;
    while (seen != FakeEngines.fused(60, 90)) {
      FusedFrame back = untilNew(60);
      seen = luma(back.fused());
      back.release();
    }
  }

  @Test
  void process_firstCallOfUnknownSpeed_blendsUntilItsPictureIsThere() throws Exception {
    FusionBatcher brief =
        new FusionBatcher(engines, new BatchSettings(1, 0, 5_000, 1, 2_000, 1, 5), clock);
    CountDownLatch gate = engines.hold();
    try (FusionStage other =
        new FusionStage(
            FusionSettings.live().withNoiseReduction(false),
            Alignment.sameFieldOfView(),
            null,
            brief,
            clock,
            new StageMetrics("rig", "register"),
            metrics,
            () -> {})) {
      assertNull(other.process(pair(60, 255)));
      assertFalse(other.takes());
      assertEquals(clock.nowNs() + 1_000_000, other.dueNs());
      clock.advanceMs(1);
      assertTrue(other.takes());
      FusedFrame blend = other.next();
      assertNotNull(blend);
      assertEquals(Set.of(Degradation.ENGINE_FALLBACK), blend.degradations());
      blend.release();
      answer(gate);
    }
    brief.close();
  }

  @Test
  void close_engineBusy_framesComeBackWhenItEnds() throws Exception {
    learnSpeed();
    CountDownLatch gate = engines.hold();
    process(40, 90).release();
    assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
    answer(gate);
    stage.close();
  }
}

package dev.nightfuse.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.Pacing;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.MovableAlignment;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.sync.FramePair.Cause;
import dev.nightfuse.sync.FramePair.Kind;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FusionStageTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 64;
  private static final BatchSettings QUICK = new BatchSettings(4, 1_000, 5_000, 250, 2_000, 1, 5);

  /** The wall clock is a fixed 5 s ahead of the frame clock. */
  private static final FrameClock CLOCK =
      new FrameClock() {
        @Override
        public long nowNs() {
          return FrameClock.system().nowNs();
        }

        @Override
        public long wallNowNs() {
          return 5_000_000_000L + nowNs();
        }
      };

  private final FakeEngines engines = new FakeEngines(true);
  private final FusionBatcher batcher = new FusionBatcher(engines, QUICK, CLOCK);
  private final StageMetrics registerMetrics = new StageMetrics("rig", "register");
  private final StageMetrics fuseMetrics = new StageMetrics("rig", "fuse");
  private final FramePool visiblePool =
      new FramePool(new FrameFormat(PixelFormat.I420, WIDTH, HEIGHT), 4);
  private final FramePool infraredPool =
      new FramePool(new FrameFormat(PixelFormat.GRAY8, WIDTH / 2, HEIGHT / 2), 4);
  private final Semaphore done = new Semaphore(0);
  private final List<FusionStage> stages = new ArrayList<>();
  private long sequence;

  private FusionStage stage(FusionSettings settings, Alignment alignment) {
    FusionStage stage =
        new FusionStage(
            settings, alignment, null, batcher, CLOCK, registerMetrics, fuseMetrics, done::release);
    stages.add(stage);
    return stage;
  }

  private final FusionStage live =
      stage(FusionSettings.live().withNoiseReduction(false), Alignment.sameFieldOfView());

  @AfterEach
  void everyFrameComesBack() {
    stages.forEach(FusionStage::close);
    batcher.close();
    assertEquals(0, visiblePool.leased(), "visible frames not released");
    assertEquals(0, infraredPool.leased(), "infrared frames not released");
    assertEquals(engines.opened.get(), engines.closed.get(), "engines not closed");
  }

  private Frame visible(int y, int u, int v) {
    Frame frame = borrow(visiblePool);
    fill(frame, 0, y);
    fill(frame, 1, u);
    fill(frame, 2, v);
    return frame;
  }

  private Frame infrared(int value) {
    Frame frame = borrow(infraredPool);
    fill(frame, 0, value);
    return frame;
  }

  private Frame borrow(FramePool pool) {
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    frame.stamp(sequence++, sequence * 1_000, sequence * 1_000 + 5);
    return frame;
  }

  private static void fill(Frame frame, int plane, int value) {
    for (int i = 0; i < frame.format().planeSizeBytes(plane); i++) {
      frame.plane(plane).put(i, (byte) value);
    }
  }

  private static FramePair matched(Frame visible, Frame infrared) {
    return new FramePair(Kind.MATCHED, Cause.NONE, visible, infrared, 777, -3, 0);
  }

  /** The pair's picture, waited for. */
  private static FusedFrame process(FusionStage stage, FramePair pair) throws Exception {
    FusedFrame fused = stage.process(pair);
    return fused != null ? fused : Await.value("a picture", Await.USUAL, stage::next);
  }

  private static int at(Frame frame, int plane, int index) {
    return frame.plane(plane).get(index) & 0xff;
  }

  @Test
  void process_matchedPair_engineFusesLumaAndChromaPasses() throws Exception {
    FusedFrame fused = process(live, matched(visible(60, 90, 160), infrared(120)));
    assertEquals(FakeEngines.fused(60, 120), at(fused.fused(), 0, 0));
    assertEquals(FakeEngines.fused(60, 120), at(fused.fused(), 0, WIDTH * HEIGHT - 1));
    assertEquals(90, at(fused.fused(), 1, 5));
    assertEquals(160, at(fused.fused(), 2, WIDTH * HEIGHT / 4 - 1));
    Frame registered = fused.infrared();
    assertNotNull(registered);
    assertEquals(new FrameFormat(PixelFormat.GRAY8, WIDTH, HEIGHT), registered.format());
    assertEquals(120, at(registered, 0, 100));
    Frame labels = fused.labels();
    assertNotNull(labels);
    assertEquals(WIDTH / 4, labels.format().widthPx());
    assertEquals(120 / 32, at(labels, 0, 0));
    assertEquals(777, fused.captureNs());
    assertTrue(Math.abs(fused.captureWallNs() - 5_000_000_777L) < 10_000_000);
    assertEquals(-3, fused.skewNs());
    assertEquals(Set.of(), fused.degradations());
    assertEquals("fake (cpu), mix", live.engine());
    assertEquals(1, registerMetrics.processedCount());
    fused.release();
  }

  @Test
  void process_noiseReduction_holdsSmallChangesOfFusedPicturesOnly() throws Exception {
    for (FusionSettings settings : List.of(FusionSettings.live(), FusionSettings.asTaken())) {
      FusionStage stage = stage(settings, Alignment.sameFieldOfView());
      process(stage, matched(visible(60, 90, 160), infrared(120))).release();
      FusedFrame changed = process(stage, matched(visible(64, 90, 160), infrared(120)));
      int now = FakeEngines.fused(64, 120);
      int before = FakeEngines.fused(60, 120);
      assertTrue(before < now && now < before + 12, "the change is small");
      int shown = at(changed.fused(), 0, 9);
      assertTrue(shown < now && shown >= now - NoiseReducer.MOST, shown + " of " + now);
      changed.release();
      FusedFrame alone =
          process(
              stage,
              new FramePair(Kind.VISIBLE_ONLY, Cause.LOST, visible(70, 90, 160), null, 1, 0, 0));
      assertEquals(70, at(alone.fused(), 0, 9), "the camera's own picture");
      alone.release();
    }
  }

  @Test
  void process_manyPairs_memoryComesBackAndNumbersRise() throws Exception {
    for (int i = 0; i < 200; i++) {
      FusedFrame fused = process(live, matched(visible(i, 90, 160), infrared(255 - i)));
      assertEquals(i, fused.sequence());
      assertEquals(FakeEngines.fused(i, 255 - i), at(fused.fused(), 0, 77));
      fused.release();
    }
    assertEquals(1, engines.opened.get());
  }

  @Test
  void process_visibleOnly_isThatFrameWithItsReason() throws Exception {
    Frame visible = visible(60, 90, 160);
    FusedFrame lost =
        process(live, new FramePair(Kind.VISIBLE_ONLY, Cause.LOST, visible, null, 1, 0, 0));
    assertSame(visible, lost.fused());
    assertNull(lost.infrared());
    assertEquals(Set.of(Degradation.INFRARED_LOST), lost.degradations());
    lost.release();
    FusedFrame skewed =
        process(
            live, new FramePair(Kind.VISIBLE_ONLY, Cause.SKEW, visible(1, 2, 3), null, 1, 0, 0));
    assertEquals(Set.of(Degradation.SKEW), skewed.degradations());
    skewed.release();
    assertEquals(0, engines.opened.get(), "no engine is needed for that");
  }

  @Test
  void process_infraredOnly_isGreyVideoAtTheVisibleSize() throws Exception {
    process(live, matched(visible(60, 90, 160), infrared(120))).release();
    FusedFrame fused =
        process(live, new FramePair(Kind.INFRARED_ONLY, Cause.LOST, null, infrared(255), 1, 0, 0));
    assertEquals(WIDTH, fused.fused().format().widthPx());
    assertEquals(235, at(fused.fused(), 0, 9), "full thermal value is video white");
    assertEquals(128, at(fused.fused(), 1, 9));
    assertEquals(128, at(fused.fused(), 2, WIDTH * HEIGHT / 4 - 1));
    assertNull(fused.visible());
    assertEquals(Set.of(Degradation.VISIBLE_LOST), fused.degradations());
    fused.release();
    FusedFrame frozen =
        process(
            live, new FramePair(Kind.INFRARED_ONLY, Cause.FROZEN, null, infrared(255), 2, 0, 0));
    assertNull(frozen.visible(), "nor an old one");
    assertEquals(235, at(frozen.fused(), 0, 9));
    assertEquals(Set.of(Degradation.VISIBLE_FROZEN), frozen.degradations());
    frozen.release();
  }

  @Test
  void process_infraredOnlyFromTheStart_hasTheInfraredSizeUntilTheVisibleCameraComes()
      throws Exception {
    FramePair alone = new FramePair(Kind.INFRARED_ONLY, Cause.LOST, null, infrared(0), 1, 0, 0);
    FusedFrame first = process(live, alone);
    assertEquals(WIDTH / 2, first.fused().format().widthPx());
    assertEquals(16, at(first.fused(), 0, 0));
    FusedFrame second = process(live, matched(visible(60, 90, 160), infrared(120)));
    assertEquals(WIDTH, second.fused().format().widthPx());
    first.release();
    second.release();
  }

  @Test
  void process_heldInfrared_isRegisteredOnceAndMarkedOnlyWhenOverdue() throws Exception {
    Frame thermal = infrared(120);
    process(live, matched(visible(60, 90, 160), thermal.retain())).release();
    Cause[] causes = {Cause.SLOWER, Cause.OVERDUE, Cause.FFC};
    List<Set<Degradation>> seen = new ArrayList<>();
    for (Cause cause : causes) {
      FramePair pair =
          new FramePair(Kind.INFRARED_HELD, cause, visible(30, 1, 2), thermal.retain(), 9, -50, 50);
      FusedFrame fused = process(live, pair);
      assertEquals(FakeEngines.fused(30, 120), at(fused.fused(), 0, 0));
      assertEquals(50, fused.infraredAgeNs());
      seen.add(fused.degradations());
      fused.release();
    }
    thermal.release();
    assertEquals(
        List.of(Set.of(), Set.of(Degradation.INFRARED_HELD), Set.of(Degradation.FFC)), seen);
  }

  @Test
  void process_heldFrameReusedByThePool_isNotTakenForTheSamePicture() throws Exception {
    process(live, matched(visible(60, 90, 160), infrared(120))).release();
    for (int i = 0; i < 8; i++) {
      FusedFrame fused = process(live, matched(visible(60, 90, 160), infrared(10 * i)));
      assertEquals(FakeEngines.fused(60, 10 * i), at(fused.fused(), 0, 0));
      fused.release();
    }
  }

  @Test
  void process_alignmentMoved_nextPictureShowsItThere() throws Exception {
    MovableAlignment alignment =
        new MovableAlignment(Alignment.sameFieldOfView(), new MovableAlignment.Shift(8, 0));
    FusionStage stage = stage(FusionSettings.live().withNoiseReduction(false), alignment);
    int middle = HEIGHT / 2 * WIDTH;
    int outside = FakeEngines.fused(60, 0);
    int seen = FakeEngines.fused(60, 120);
    // Which columns of a row show the infrared picture: from the left, then from the right.
    int[][] wanted = {{outside, seen}, {seen, outside}, {seen, seen}};
    MovableAlignment.Shift[] moves = {
      new MovableAlignment.Shift(8, 0),
      new MovableAlignment.Shift(-8, 0),
      MovableAlignment.Shift.NONE
    };
    for (int i = 0; i < moves.length; i++) {
      alignment.move(moves[i]);
      FusedFrame fused = process(stage, matched(visible(60, 90, 160), infrared(120)));
      assertEquals(wanted[i][0], at(fused.fused(), 0, middle + 4), "left after " + moves[i]);
      assertEquals(
          wanted[i][1], at(fused.fused(), 0, middle + WIDTH - 5), "right after " + moves[i]);
      fused.release();
    }
  }

  @Test
  void process_alignmentMovedWhileThermalIsHeld_heldPictureMoves() throws Exception {
    MovableAlignment alignment =
        new MovableAlignment(Alignment.sameFieldOfView(), MovableAlignment.Shift.NONE);
    FusionStage stage = stage(FusionSettings.live().withNoiseReduction(false), alignment);
    Frame thermal = infrared(120);
    process(stage, matched(visible(60, 90, 160), thermal.retain())).release();
    alignment.move(new MovableAlignment.Shift(8, 0));
    FusedFrame fused =
        process(
            stage,
            new FramePair(Kind.INFRARED_HELD, Cause.FFC, visible(60, 1, 2), thermal, 9, -50, 50));
    assertEquals(FakeEngines.fused(60, 0), at(fused.fused(), 0, HEIGHT / 2 * WIDTH + 4));
    fused.release();
  }

  @Test
  void process_calibrationOfAnotherShape_canStillBeMoved() throws Exception {
    MovableAlignment alignment =
        new MovableAlignment(
            Alignment.calibrated(Calibration.scaling(320, 180, WIDTH, HEIGHT)),
            MovableAlignment.Shift.NONE);
    FusionStage stage = stage(FusionSettings.live().withNoiseReduction(false), alignment);
    process(stage, matched(visible(60, 90, 160), infrared(120))).release();
    alignment.move(new MovableAlignment.Shift(8, 0));
    FusedFrame fused = process(stage, matched(visible(60, 90, 160), infrared(120)));
    assertEquals(Set.of(Degradation.REGISTRATION_DOUBTFUL), fused.degradations());
    assertEquals(FakeEngines.fused(60, 0), at(fused.fused(), 0, HEIGHT / 2 * WIDTH + 4));
    fused.release();
  }

  @Test
  void process_calibrationOfAnotherShape_isMarkedDoubtfulAndScaled() throws Exception {
    FusionStage stage =
        stage(
            FusionSettings.live().withNoiseReduction(false),
            Alignment.calibrated(Calibration.scaling(320, 180, WIDTH, HEIGHT)));
    FusedFrame fused = process(stage, matched(visible(60, 90, 160), infrared(120)));
    assertEquals(Set.of(Degradation.REGISTRATION_DOUBTFUL), fused.degradations());
    assertEquals(FakeEngines.fused(60, 120), at(fused.fused(), 0, 0));
    fused.release();
  }

  @Test
  void process_engineFails_blendsLabelledAndRecovers() throws Exception {
    engines.failures.set(1);
    FusedFrame fallback = process(live, matched(visible(60, 90, 160), infrared(255)));
    assertEquals(Set.of(Degradation.ENGINE_FALLBACK), fallback.degradations());
    assertEquals(60 + (235 - 60) / 2, at(fallback.fused(), 0, 50));
    assertEquals(90, at(fallback.fused(), 1, 50));
    assertNull(fallback.labels());
    fallback.release();
    FusedFrame fused = untilFusedByTheEngine();
    assertEquals(FakeEngines.fused(60, 120), at(fused.fused(), 0, 50));
    fused.release();
    assertEquals(2, engines.opened.get(), "a failed engine is opened again");
  }

  @Test
  void process_engineRefusedAtFirst_blendsUntilItOpens() throws Exception {
    engines.refusals.set(3);
    FusedFrame fallback = process(live, matched(visible(60, 90, 160), infrared(10)));
    assertEquals(Set.of(Degradation.ENGINE_FALLBACK), fallback.degradations());
    assertEquals(60, at(fallback.fused(), 0, 50), "nothing gets darker");
    assertTrue(live.engine().contains("no device"), live.engine());
    fallback.release();
    untilFusedByTheEngine().release();
  }

  @Test
  void process_asTaken_engineFailureIsReported() {
    engines.failures.set(1);
    FusionStage files =
        stage(FusionSettings.asTaken().withNoiseReduction(false), Alignment.sameFieldOfView());
    FramePair pair = matched(visible(60, 90, 160), infrared(120));
    EngineException e = assertThrows(EngineException.class, () -> files.process(pair));
    assertEquals("out of memory", e.getMessage());
  }

  @Test
  void process_outputsHoldEverything_liveDropsAndCounts() throws Exception {
    FusionStage tight =
        stage(new FusionSettings(Pacing.LIVE, 2, 0, false), Alignment.sameFieldOfView());
    FusedFrame a = process(tight, matched(visible(60, 90, 160), infrared(120)));
    FusedFrame b = process(tight, matched(visible(60, 90, 160), infrared(120)));
    assertNull(tight.process(matched(visible(60, 90, 160), infrared(120))));
    assertEquals(0, tight.pending());
    assertEquals(1, fuseMetrics.droppedCount());
    a.release();
    process(tight, matched(visible(60, 90, 160), infrared(120))).release();
    b.release();
  }

  @Test
  void process_live_nextPairIsWithTheEngineBeforeThePictureIsGivenOut() throws Exception {
    CountDownLatch first = engines.hold();
    assertNull(live.process(matched(visible(60, 90, 160), infrared(120))));
    assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
    assertFalse(live.takes());
    assertNull(live.next(), "nothing is waited for");
    assertEquals(1, live.pending());
    FramePair coming = matched(visible(30, 90, 160), infrared(240));
    live.prepare(coming);
    live.prepare(coming);
    assertEquals(2, registerMetrics.processedCount(), "registered while the engine works, once");

    CountDownLatch second = engines.hold();
    first.countDown();
    assertTrue(done.tryAcquire(10, TimeUnit.SECONDS), "the engine tells that it has done");
    assertTrue(live.takes());
    FusedFrame picture = live.process(coming);
    assertNotNull(picture);
    assertEquals(FakeEngines.fused(60, 120), at(picture.fused(), 0, 0));
    picture.release();
    assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS), "the engine has the next");
    assertEquals(2, registerMetrics.processedCount(), "what was prepared is used");
    engines.hang = null;
    second.countDown();
    FusedFrame next = Await.value("its picture", Await.USUAL, live::next);
    assertEquals(FakeEngines.fused(30, 240), at(next.fused(), 0, 0));
    assertEquals(1, next.sequence());
    next.release();
  }

  @Test
  void process_nobodyWantsLabels_engineIsNotAskedForThem() throws Exception {
    for (FusionSettings settings : List.of(FusionSettings.asTaken(), FusionSettings.live())) {
      AtomicBoolean wanted = new AtomicBoolean();
      FusionStage stage =
          new FusionStage(
              settings,
              Alignment.sameFieldOfView(),
              null,
              batcher,
              CLOCK,
              registerMetrics,
              fuseMetrics,
              new FusionStage.Surroundings() {
                @Override
                public void engineDone() {}

                @Override
                public boolean wantsLabels() {
                  return wanted.get();
                }
              });
      stages.add(stage);
      FusedFrame bare = process(stage, matched(visible(60, 90, 160), infrared(120)));
      assertNull(bare.labels());
      assertTrue(bare.labelsLeftOut());
      assertEquals(FakeEngines.fused(60, 120), at(bare.fused(), 0, 0));
      bare.release();
      wanted.set(true);
      FusedFrame whole = process(stage, matched(visible(60, 90, 160), infrared(120)));
      assertNotNull(whole.labels());
      assertFalse(whole.labelsLeftOut());
      whole.release();
      engines.failures.set(settings.pacing() == Pacing.LIVE ? 1 : 0);
      wanted.set(false);
      FusedFrame blend = process(stage, matched(visible(60, 90, 160), infrared(120)));
      assertEquals(settings.pacing() == Pacing.AS_TAKEN, blend.labelsLeftOut());
      blend.release();
    }
  }

  @Test
  void process_livePairAwaited_isRefusedAndReleased() throws Exception {
    CountDownLatch gate = engines.hold();
    assertNull(live.process(matched(visible(60, 90, 160), infrared(120))));
    FramePair early = matched(visible(60, 90, 160), infrared(120));
    assertThrows(IllegalStateException.class, () -> live.process(early));
    assertEquals(1, live.pending());
    gate.countDown();
    live.close();
    assertEquals(0, live.pending());
  }

  @Test
  void prepare_visibleSizeThatIsNotThereYet_isLeftToProcess() throws Exception {
    Frame thermal = infrared(120);
    FramePair pair = matched(visible(60, 90, 160), thermal);
    live.prepare(pair);
    assertEquals(0, registerMetrics.processedCount());
    process(live, pair).release();
    assertEquals(1, registerMetrics.processedCount());
  }

  private FusedFrame untilFusedByTheEngine() throws Exception {
    long deadlineNs = CLOCK.nowNs() + 20_000_000_000L;
    while (CLOCK.nowNs() < deadlineNs) {
      FusedFrame fused = process(live, matched(visible(60, 90, 160), infrared(120)));
      if (fused.degradations().isEmpty()) {
        return fused;
      }
      fused.release();
    }
    throw new AssertionError("the engine did not come back: " + live.engine());
  }
}

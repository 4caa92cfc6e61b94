package dev.nightfuse.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.sync.FramePair.Cause;
import dev.nightfuse.sync.FramePair.Kind;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A rig that reads files, with an engine that takes two batches. */
final class LookAheadTest {

  private static final int SIDE = 64;
  private static final int INFRARED = 120;

  private final FrameClock clock = FrameClock.system();
  private final FakeEngines engines = new FakeEngines(true);
  private final FusionBatcher batcher =
      new FusionBatcher(engines, new BatchSettings(1, 0, 5_000, 250, 2_000, 1, 5), clock);
  private final StageMetrics metrics = new StageMetrics("rig", "fuse");
  private final List<FramePool> pools = new ArrayList<>();
  private FramePool visiblePool = pool(PixelFormat.I420, SIDE);
  private final FramePool infraredPool = pool(PixelFormat.GRAY8, SIDE);
  private FusionStage stage = stage(8);
  private long sequence;

  @BeforeEach
  void twoBatches() {
    engines.depth = 2;
  }

  @AfterEach
  void everyFrameComesBack() {
    stage.close();
    batcher.close();
    for (FramePool pool : pools) {
      assertEquals(0, pool.leased(), "frames not released: " + pool.format());
    }
    assertEquals(engines.opened.get(), engines.closed.get(), "engines not closed");
  }

  private FramePool pool(PixelFormat format, int side) {
    FramePool pool = new FramePool(new FrameFormat(format, side, side), 6);
    pools.add(pool);
    return pool;
  }

  private FusionStage stage(int poolFrames) {
    return new FusionStage(
        new FusionSettings(Pacing.AS_TAKEN, poolFrames, 0, false),
        Alignment.sameFieldOfView(),
        null,
        batcher,
        clock,
        new StageMetrics("rig", "register"),
        metrics,
        () -> {});
  }

  private Frame frame(FramePool pool, int value) {
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    frame.stamp(sequence, sequence, sequence);
    sequence++;
    for (int i = 0; i < frame.format().planeSizeBytes(0); i++) {
      frame.plane(0).put(i, (byte) value);
    }
    return frame;
  }

  private FramePair pair(int value) {
    Frame visible = frame(visiblePool, value);
    Frame infrared = frame(infraredPool, INFRARED);
    return new FramePair(Kind.MATCHED, Cause.NONE, visible, infrared, value, 0, 0);
  }

  private static void check(int value, FusedFrame fused) {
    assertNotNull(fused);
    assertEquals(value, fused.captureNs(), "out of order");
    for (int at : new int[] {0, SIDE * SIDE - 1}) {
      assertEquals(FakeEngines.fused(value, INFRARED), fused.fused().plane(0).get(at) & 0xff);
    }
    Frame labels = fused.labels();
    assertNotNull(labels);
    assertEquals(INFRARED / 32, labels.plane(0).get(0));
    assertEquals(0, fused.fusedAgeNs());
    assertTrue(fused.degradations().isEmpty(), fused.degradations().toString());
    fused.release();
  }

  @Test
  void process_files_handsOverBeforeTheFirstIsDoneAndGivesAllInOrder() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    engines.hang = hang;
    Thread engine =
        new Thread(
            () -> {
              // The first is computed; another is in the engine already, or two wait for its end.
              while (batcher.waiting(SIDE, SIDE) < 2 && engines.mostUnderWay.get() < 2) {
                Thread.onSpinWait();
              }
              hang.countDown();
            },
            "engine-goes-on");
    engine.setDaemon(true);
    engine.start();
    int given = 0;
    for (int i = 0; i < 20; i++) {
      FusedFrame fused = stage.process(pair(i));
      assertTrue(stage.pending() <= 2, "bounded by what keeps the engine busy");
      if (fused == null) {
        assertTrue(i < 2, "full from the third pair on");
      } else {
        check(given++, fused);
      }
    }
    assertEquals(2, stage.pending());
    for (FusedFrame fused = stage.next(); fused != null; fused = stage.next()) {
      check(given++, fused);
    }
    assertEquals(20, given);
    assertEquals(2, engines.mostUnderWay.get(), "the engine had the next while it computed one");
    assertTrue(engines.batchSizes.stream().allMatch(size -> size == 1));
    assertEquals(20, metrics.processedCount());
    assertEquals(0, metrics.droppedCount());
  }

  @Test
  void next_lonePair_comesWithoutAnother() throws Exception {
    assertNull(stage.process(pair(7)));
    check(7, stage.next());
    assertNull(stage.next());
  }

  @Test
  void process_engineThatTakesOneBatch_isWaitedForAtOnce() throws Exception {
    engines.depth = 1;
    for (int i = 0; i < 5; i++) {
      check(i, stage.process(pair(i)));
      assertEquals(0, stage.pending());
    }
  }

  @Test
  void process_smallestPool_neverWaitsForItself() throws Exception {
    stage = stage(2);
    for (int i = 0; i < 6; i++) {
      check(i, stage.process(pair(i)));
    }
  }

  @Test
  void process_pictureWithoutEngine_keepsItsPlace() throws Exception {
    assertNull(stage.process(pair(0)));
    Frame alone = frame(visiblePool, 77);
    assertNull(stage.process(new FramePair(Kind.VISIBLE_ONLY, Cause.LOST, alone, null, 1, 0, 0)));
    check(0, stage.process(pair(2)));
    FusedFrame second = stage.next();
    assertNotNull(second);
    assertEquals(1, second.captureNs());
    assertEquals(77, second.fused().plane(0).get(0));
    second.release();
    check(2, stage.next());
  }

  @Test
  void process_anotherSize_earlierPicturesComeFirst() throws Exception {
    assertNull(stage.process(pair(0)));
    assertNull(stage.process(pair(1)));
    visiblePool = pool(PixelFormat.I420, 2 * SIDE);
    FusedFrame first = stage.process(pair(2));
    check(0, first);
    check(1, stage.next());
    FusedFrame large = stage.next();
    assertNotNull(large);
    assertEquals(2 * SIDE, large.fused().format().widthPx());
    large.release();
  }

  @Test
  void process_engineFailsInTheMiddle_isReportedAndAllUnderWayIsCounted() throws Exception {
    engines.poison = 2;
    CountDownLatch fourthIsHere = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    engines.work =
        () -> {
          if (calls.incrementAndGet() == 3) {
            awaitQuietly(fourthIsHere);
          }
        };
    assertNull(stage.process(pair(0)));
    assertNull(stage.process(pair(1)));
    check(0, stage.process(pair(2)));
    check(1, stage.process(pair(3)));
    fourthIsHere.countDown();
    assertThrows(EngineException.class, () -> stage.next());
    assertEquals(2, stage.pending());
    stage.close();
    assertEquals(2, metrics.droppedCount(), "the one that failed and the one behind it");
    assertEquals(2, metrics.processedCount());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void close_batchesUnderWay_theirFramesComeBackWhenTheEngineEnds() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    engines.hang = hang;
    assertNull(stage.process(pair(0)));
    assertNull(stage.process(pair(1)));
    assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
    assertEquals(2, visiblePool.leased(), "the engine's until it is done");
    Thread closing = new Thread(stage::close, "closing");
    closing.start();
    hang.countDown();
    closing.join(10_000);
    assertEquals(2, metrics.droppedCount());
  }
}

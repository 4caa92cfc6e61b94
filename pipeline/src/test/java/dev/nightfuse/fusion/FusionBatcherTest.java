package dev.nightfuse.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.CheckLimits;
import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FusionBatcherTest {

  private static final int SIDE = 32;

  private final FakeEngines engines = new FakeEngines(false);
  private final ExecutorService rigs = Executors.newCachedThreadPool();
  private final List<FramePool> pools = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    rigs.shutdownNow();
    assertTrue(rigs.awaitTermination(10, TimeUnit.SECONDS));
    for (FramePool pool : pools) {
      assertEquals(0, pool.leased());
    }
    assertEquals(engines.opened.get(), engines.closed.get());
  }

  private FusionBatcher batcher(int maxBatch, int collectUs) {
    return new FusionBatcher(
        engines,
        new BatchSettings(maxBatch, collectUs, 10_000, 10_000, 10_000, 1, 10),
        FrameClock.system());
  }

  private Frame frame(PixelFormat format, int side, int value) {
    FramePool pool = new FramePool(new FrameFormat(format, side, side), 1);
    pools.add(pool);
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    for (int i = 0; i < side * side; i++) {
      frame.plane(0).put(i, (byte) value);
    }
    return frame;
  }

  /** Fuses one pair and gives the fused value. */
  private int fuse(FusionLane lane, int side, int visible, int infrared) throws Exception {
    Frame v = frame(PixelFormat.I420, side, visible);
    Frame i = frame(PixelFormat.GRAY8, side, infrared);
    Frame f = frame(PixelFormat.I420, side, 0);
    try {
      EngineSpec spec = lane.spec(false);
      assertTrue(lane.await(lane.submit(spec, v, i, f, null), Long.MAX_VALUE));
      return f.plane(0).get(side * side - 1) & 0xff;
    } finally {
      v.release();
      i.release();
      f.release();
    }
  }

  private Future<Integer> later(Callable<Integer> task) {
    return rigs.submit(task);
  }

  private static int get(Future<Integer> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void fuse_oneRig_neverWaitsForOthers() throws Exception {
    // A collecting time that the test would not survive.
    try (FusionBatcher batcher = batcher(8, 100_000)) {
      FusionLane lane = batcher.lane(SIDE, SIDE);
      long startNs = FrameClock.system().nowNs();
      for (int i = 0; i < 100; i++) {
        assertEquals(FakeEngines.fused(i, 90), fuse(lane, SIDE, i, 90));
      }
      assertTrue(FrameClock.system().nowNs() - startNs < 5_000_000_000L, "waited 100 x 100 ms");
    }
    assertTrue(engines.batchSizes.stream().allMatch(size -> size == 1));
  }

  @Test
  void fuse_rigsThatWaitTogether_areOneBatchAndEachGetsItsOwnResult() throws Exception {
    try (FusionBatcher batcher = batcher(8, 1_000)) {
      List<FusionLane> lanes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        lanes.add(batcher.lane(SIDE, SIDE));
      }
      lanes.get(0).spec(false);
      CountDownLatch hang = new CountDownLatch(1);
      engines.hang = hang;
      Future<Integer> first = later(() -> fuse(lanes.get(0), SIDE, 0, 100));
      assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
      List<Thread> threads = new ArrayList<>();
      List<FutureTask<Integer>> others = new ArrayList<>();
      for (int i = 1; i < 4; i++) {
        int value = 10 * i;
        FusionLane lane = lanes.get(i);
        FutureTask<Integer> task = new FutureTask<>(() -> fuse(lane, SIDE, value, 100 + value));
        others.add(task);
        Thread thread = new Thread(task, "rig-" + i);
        threads.add(thread);
        thread.start();
      }
      long deadlineNs = FrameClock.system().nowNs() + 10_000_000_000L;
      while (threads.stream().anyMatch(t -> t.getState() != Thread.State.TIMED_WAITING)) {
        assertTrue(FrameClock.system().nowNs() < deadlineNs, "rigs do not wait");
        Thread.onSpinWait();
      }
      hang.countDown();
      assertEquals(FakeEngines.fused(0, 100), get(first));
      for (int i = 1; i < 4; i++) {
        assertEquals(FakeEngines.fused(10 * i, 100 + 10 * i), get(others.get(i - 1)));
      }
      for (Thread thread : threads) {
        thread.join(10_000);
      }
    }
    assertEquals(List.of(1, 3), List.copyOf(engines.batchSizes));
    assertEquals(1, engines.opened.get());
  }

  @Test
  void fuse_partnerSilent_goesAfterTheCollectingTime() throws Exception {
    try (FusionBatcher batcher = batcher(8, 2_000)) {
      FusionLane lane = batcher.lane(SIDE, SIDE);
      batcher.lane(SIDE, SIDE);
      assertEquals(FakeEngines.fused(9, 90), fuse(lane, SIDE, 9, 90));
    }
  }

  @Test
  void fuse_moreRigsThanABatchHolds_allAreServedInTurn() throws Exception {
    try (FusionBatcher batcher = batcher(2, 1_000)) {
      List<Future<Integer>> results = new ArrayList<>();
      List<FusionLane> lanes = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        lanes.add(batcher.lane(SIDE, SIDE));
      }
      for (int i = 0; i < 5; i++) {
        int value = i;
        FusionLane lane = lanes.get(i);
        results.add(later(() -> fuse(lane, SIDE, value, 30)));
      }
      for (int i = 0; i < 5; i++) {
        assertEquals(FakeEngines.fused(i, 30), get(results.get(i)));
      }
    }
    assertTrue(engines.batchSizes.stream().allMatch(size -> size <= 2));
  }

  @Test
  void fuse_engineFails_everyRigOfTheBatchIsTold() throws Exception {
    try (FusionBatcher batcher = batcher(8, 100_000)) {
      FusionLane a = batcher.lane(SIDE, SIDE);
      FusionLane b = batcher.lane(SIDE, SIDE);
      a.spec(false);
      engines.failures.set(2); // Should they not come together, each fails on its own.
      Future<Integer> first = later(() -> fuse(a, SIDE, 1, 2));
      Future<Integer> second = later(() -> fuse(b, SIDE, 1, 2));
      Exception e1 = assertThrows(Exception.class, () -> get(first));
      Exception e2 = assertThrows(Exception.class, () -> get(second));
      assertTrue(e1.getMessage().contains("out of memory"), e1.getMessage());
      assertTrue(e2.getMessage().contains("out of memory"), e2.getMessage());
    }
  }

  @Test
  void open_engineWithoutMemoryOrLibrary_isTriedAgain() throws Exception {
    Queue<Error> errors =
        new ConcurrentLinkedQueue<>(
            List.of(
                new OutOfMemoryError("Direct buffer memory"), new NoClassDefFoundError("nvinfer")));
    EngineOpener opener =
        (width, height, maxBatch) -> {
          Error error = errors.poll();
          if (error != null) {
            throw error;
          }
          return engines.open(width, height, maxBatch);
        };
    try (FusionBatcher batcher =
        new FusionBatcher(
            opener,
            new BatchSettings(8, 0, 10_000, 10_000, 10_000, 60_000, 60_000),
            FrameClock.system())) {
      FusionLane lane = batcher.lane(SIDE, SIDE);
      EngineException told = assertThrows(EngineException.class, () -> lane.spec(false));
      assertTrue(told.getMessage().contains("Direct buffer memory"), told.getMessage());
    }
    try (FusionBatcher batcher =
        new FusionBatcher(
            opener, new BatchSettings(8, 0, 10_000, 10_000, 10_000, 1, 10), FrameClock.system())) {
      FusionLane lane = batcher.lane(SIDE, SIDE);
      awaitOpen(lane);
      assertEquals(FakeEngines.fused(7, 70), fuse(lane, SIDE, 7, 70));

      engines.work =
          () -> {
            engines.work = () -> {};
            throw new OutOfMemoryError("Direct buffer memory");
          };
      EngineException told = assertThrows(EngineException.class, () -> fuse(lane, SIDE, 7, 70));
      assertTrue(told.getMessage().contains("Direct buffer memory"), told.getMessage());
      awaitOpen(lane);
      assertEquals(FakeEngines.fused(7, 70), fuse(lane, SIDE, 7, 70));
    }
  }

  private static void awaitOpen(FusionLane lane) throws InterruptedException {
    long deadlineNs = FrameClock.system().nowNs() + 20_000_000_000L;
    while (true) {
      try {
        lane.spec(true);
        return;
      } catch (EngineException e) {
        assertTrue(FrameClock.system().nowNs() < deadlineNs, "not opened again: " + e);
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void fuse_twoSizes_haveAnEngineEach() throws Exception {
    try (FusionBatcher batcher = batcher(8, 1_000)) {
      FusionLane small = batcher.lane(SIDE, SIDE);
      FusionLane large = batcher.lane(2 * SIDE, 2 * SIDE);
      assertEquals(FakeEngines.fused(3, 60), fuse(small, SIDE, 3, 60));
      assertEquals(FakeEngines.fused(5, 60), fuse(large, 2 * SIDE, 5, 60));
      assertEquals(2, engines.opened.get());
      large.close();
      large.close();
      assertEquals(1, engines.closed.get(), "the last rig of a size closes its engine, once");
      assertEquals(FakeEngines.fused(3, 60), fuse(small, SIDE, 3, 60));
    }
  }

  @Test
  void close_pairInTheEngine_endsAfterItAndLaterPairsAreRefused() throws Exception {
    FusionBatcher batcher = batcher(8, 1_000);
    FusionLane lane = batcher.lane(SIDE, SIDE);
    lane.spec(false);
    CountDownLatch hang = new CountDownLatch(1);
    engines.hang = hang;
    Future<Integer> running = later(() -> fuse(lane, SIDE, 3, 60));
    assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
    Future<Integer> closing =
        later(
            () -> {
              batcher.close();
              return 0;
            });
    hang.countDown();
    assertEquals(FakeEngines.fused(3, 60), get(running));
    get(closing);
    assertThrows(EngineException.class, () -> fuse(lane, SIDE, 3, 60));
    assertThrows(IllegalStateException.class, () -> batcher.lane(SIDE, SIDE));
  }

  @Test
  void fuse_engineThatTakesTwoBatches_hasTheSecondBeforeItFinishesTheFirst() throws Exception {
    engines.depth = 2;
    CountDownLatch hang = new CountDownLatch(1);
    try (FusionBatcher batcher = batcher(1, 0)) {
      List<FusionLane> lanes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        lanes.add(batcher.lane(SIDE, SIDE));
      }
      lanes.get(0).spec(false);
      engines.hang = hang;
      List<Future<Integer>> results = new ArrayList<>();
      results.add(later(() -> fuse(lanes.get(0), SIDE, 0, 30)));
      assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
      for (int i = 1; i < 4; i++) {
        int value = i;
        results.add(later(() -> fuse(lanes.get(value), SIDE, value, 30)));
      }
      // All three wait while the first is computed, so two are begun as soon as it ends.
      long deadlineNs = FrameClock.system().nowNs() + 10_000_000_000L;
      while (batcher.waiting(SIDE, SIDE) < 3) {
        assertTrue(FrameClock.system().nowNs() < deadlineNs, "pairs do not arrive");
        Thread.onSpinWait();
      }
      hang.countDown();
      for (int i = 0; i < 4; i++) {
        assertEquals(FakeEngines.fused(i, 30), get(results.get(i)));
      }
    }
    assertEquals(2, engines.mostUnderWay.get());
  }

  @Test
  void fuse_failureWithTwoBatchesUnderWay_isToldToBothAndTheEngineIsOpenedAgain() throws Exception {
    engines.depth = 2;
    CountDownLatch hang = new CountDownLatch(1);
    try (FusionBatcher batcher = batcher(1, 0)) {
      FusionLane a = batcher.lane(SIDE, SIDE);
      FusionLane b = batcher.lane(SIDE, SIDE);
      FusionLane c = batcher.lane(SIDE, SIDE);
      a.spec(false);
      engines.hang = hang;
      Future<Integer> first = later(() -> fuse(a, SIDE, 1, 2));
      assertTrue(engines.inFuse.await(10, TimeUnit.SECONDS));
      engines.poison = 9;
      Future<Integer> second = later(() -> fuse(b, SIDE, 9, 2));
      Future<Integer> third = later(() -> fuse(c, SIDE, 9, 2));
      long deadlineNs = FrameClock.system().nowNs() + 10_000_000_000L;
      while (batcher.waiting(SIDE, SIDE) < 2) {
        assertTrue(FrameClock.system().nowNs() < deadlineNs, "pairs do not arrive");
        Thread.onSpinWait();
      }
      hang.countDown();
      assertEquals(FakeEngines.fused(1, 2), get(first));
      for (Future<Integer> each : List.of(second, third)) {
        Exception e = assertThrows(Exception.class, () -> get(each));
        assertTrue(e.getMessage().contains("out of memory"), e.getMessage());
      }
      while (engines.opened.get() < 2) {
        assertTrue(FrameClock.system().nowNs() < deadlineNs, "not opened again");
        Thread.onSpinWait();
      }
      b.spec(true);
      assertEquals(FakeEngines.fused(1, 2), fuse(b, SIDE, 1, 2));
    }
    assertEquals(2, engines.mostUnderWay.get());
  }

  @Test
  void submit_oneRigWithSeveralPairs_eachIsABatchOfItsOwnAndTheyEndInOrder() throws Exception {
    engines.depth = 2;
    try (FusionBatcher batcher = batcher(8, 100_000)) {
      FusionLane lane = batcher.lane(SIDE, SIDE);
      EngineSpec spec = lane.spec(false);
      assertEquals(3, lane.ahead());
      Frame v = frame(PixelFormat.I420, SIDE, 9);
      Frame i = frame(PixelFormat.GRAY8, SIDE, 90);
      Frame f = frame(PixelFormat.I420, SIDE, 0);
      List<FusionJob> jobs = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        jobs.add(lane.submit(spec, v, i, f, null));
      }
      for (FusionJob job : jobs) {
        assertTrue(lane.await(job, Long.MAX_VALUE));
      }
      assertEquals(FakeEngines.fused(9, 90), f.plane(0).get(0) & 0xff);
      v.release();
      i.release();
      f.release();
    }
    assertEquals(List.of(1, 1, 1), List.copyOf(engines.batchSizes));
  }

  @Test
  void ahead_engineThatTakesOneBatch_isOne() throws Exception {
    try (FusionBatcher batcher = batcher(8, 0)) {
      FusionLane lane = batcher.lane(SIDE, SIDE);
      lane.spec(false);
      assertEquals(1, lane.ahead());
    }
  }

  @Test
  void check_engineThatWentWrong_isReportedAndOpenedAgain() throws Exception {
    List<EngineCheck> heard = new CopyOnWriteArrayList<>();
    CheckLimits limits = CheckLimits.DEFAULT;
    EngineCheck good = new EngineCheck(50, 1, limits);
    EngineCheck bad = new EngineCheck(12, 1, limits);
    engines.checks.add(good);
    engines.checks.add(bad);
    try (FusionBatcher batcher =
        new FusionBatcher(
            engines,
            new BatchSettings(8, 0, 10_000, 10_000, 10_000, 1, 10, 1),
            FrameClock.system(),
            (spec, check) -> heard.add(check))) {
      FusionLane lane = batcher.lane(SIDE, SIDE);
      long deadlineNs = FrameClock.system().nowNs() + 20_000_000_000L;
      while (engines.opened.get() < 2) {
        assertTrue(FrameClock.system().nowNs() < deadlineNs, "not opened again");
        Thread.onSpinWait();
      }
      lane.spec(true);
      assertEquals(FakeEngines.fused(1, 2), fuse(lane, SIDE, 1, 2));
    }
    assertEquals(List.of(good, bad), heard);
  }

  @Test
  void close_whileTheEngineIsPrepared_endsThat() throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    FusionBatcher batcher =
        new FusionBatcher(
            (width, height, maxBatch) -> {
              opening.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                ended.countDown();
              }
              throw new EngineException("given up");
            },
            BatchSettings.defaults(),
            FrameClock.system());
    batcher.lane(SIDE, SIDE);
    assertTrue(opening.await(10, TimeUnit.SECONDS));
    batcher.close();
    assertTrue(ended.await(10, TimeUnit.SECONDS), "closing waits for minutes of preparing");
  }

  @Test
  void settings_outOfRange_messageNamesTheValue() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new BatchSettings(65, 0, 1, 1, 1, 1, 1));
    assertEquals("batch of 65 pairs: 1 to 64 are allowed", e.getMessage());
  }
}

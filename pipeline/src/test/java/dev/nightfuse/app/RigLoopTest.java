package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.BatchSettings;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FakeEngines;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.fusion.FusionBatcher;
import dev.nightfuse.fusion.FusionSettings;
import dev.nightfuse.fusion.FusionStage;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.sync.FrameSynchronizer;
import dev.nightfuse.sync.PairLine;
import dev.nightfuse.sync.SyncSettings;
import dev.nightfuse.sync.SyncStatistics;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop of a rig without cameras. */
final class RigLoopTest {

  private static final int SIDE = 64;
  private static final int PAIRS = 40;

  private final FrameClock clock = FrameClock.system();
  private final HandClock hand = new HandClock();
  private final Watcher watcher = new Watcher();
  private final FakeEngines engines = new FakeEngines(false);
  private final FramePool visible = new FramePool(new FrameFormat(PixelFormat.I420, SIDE, SIDE), 8);
  private final FramePool infrared =
      new FramePool(new FrameFormat(PixelFormat.GRAY8, SIDE, SIDE), 8);

  /** Of a thermal camera many times faster than the visible one. */
  private final FramePool fast = new FramePool(new FrameFormat(PixelFormat.GRAY8, SIDE, SIDE), 16);

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void end_files_comesWhenEveryPairWasHandedOnInOrder(int depth) throws Exception {
    engines.depth = depth;
    List<Long> times = new CopyOnWriteArrayList<>();
    ArrivalBox box = new ArrivalBox(Pacing.AS_TAKEN, clock);
    try (FusionBatcher batcher = batcher(clock);
        RigLoop loop = loop(box, batcher, times)) {
      loop.start();
      Thread source = source(loop, Modality.VISIBLE, visible);
      source(loop, Modality.INFRARED, infrared).join(20_000);
      source.join(20_000);
      loop.end().get(20, TimeUnit.SECONDS);
    }
    assertEquals(LongStream.range(0, PAIRS).boxed().toList(), times);
    assertEquals(0, visible.leased());
    assertEquals(0, infrared.leased());
  }

  @Test
  void close_pairsInTheEngine_everythingComesBack() throws Exception {
    engines.depth = 2;
    List<Long> times = new CopyOnWriteArrayList<>();
    ArrivalBox box = new ArrivalBox(Pacing.AS_TAKEN, clock);
    Thread source;
    try (FusionBatcher batcher = batcher(clock);
        RigLoop loop = loop(box, batcher, times)) {
      loop.start();
      source = source(loop, Modality.VISIBLE, visible);
      source(loop, Modality.INFRARED, infrared);
      while (times.isEmpty()) {
        Thread.onSpinWait();
      }
    }
    source.join(20_000);
    assertEquals(LongStream.range(0, times.size()).boxed().toList(), times);
    assertEquals(0, visible.leased());
  }

  @Test
  void fuse_liveWhileTheEngineWorks_newestIsPreparedAndFollowsOnceTheEngineTells()
      throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    engines.hang = gate;
    StageMetrics register = new StageMetrics("rig", "register");
    List<Long> shown = new CopyOnWriteArrayList<>();
    ArrivalBox box = new ArrivalBox(Pacing.LIVE, hand);
    PairLine line = new PairLine(Pacing.LIVE);
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop =
            live(box, line, batcher, hand, register, frame -> shown.add(frame.captureNs()))) {
      loop.start();
      List<Long> captured = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        captured.add(hand.nowNs());
        loop.sink(Modality.INFRARED).frame(frame(infrared, 90, hand.nowNs()));
        loop.sink(Modality.VISIBLE).frame(frame(visible, i, hand.nowNs()));
        int pairs = i + 1;
        Await.until("it is registered", () -> register.processedCount() == pairs);
        hand.advanceMs(33);
      }
      assertEquals(List.of(), shown);
      gate.countDown();
      Await.until("two pictures", () -> shown.size() == 2);
      assertEquals(List.of(captured.get(0), captured.get(3)), shown);
      assertEquals(2, line.overtaken(Modality.VISIBLE));
      assertEquals(2, line.overtaken(Modality.INFRARED));
      assertEquals(4, register.processedCount());
    }
    assertEquals(0, visible.leased());
    assertEquals(0, infrared.leased());
  }

  @Test
  void movements_camerasGone_stillsCount() throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      showOne(loop, watcher, hand);
      assertEquals(1, loop.movements());
      for (int still = 1; still <= 3; still++) {
        hand.advanceMs(1_000);
        loop.lost(Modality.VISIBLE);
        loop.lost(Modality.INFRARED);
        int stills = still;
        Await.until("a still", () -> watcher.stills.get() == stills);
        assertEquals(1 + still, loop.movements());
      }
    }
  }

  @Test
  void movements_camerasDeliverAndNothingComesOfIt_standStill() throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      long captureNs = hand.nowNs();
      showOne(loop, watcher, hand);
      for (int still = 1; still <= 3; still++) {
        hand.advanceMs(3_000);
        // Its stamps stand still: no picture is made of such frames.
        loop.sink(Modality.VISIBLE).frame(frame(visible, 1, captureNs));
        int stills = still;
        Await.until("a still", () -> watcher.stills.get() == stills);
        assertEquals(1, loop.movements());
      }
    }
  }

  @Test
  void movements_visibleCameraHasItsNextToCome_stillsCount() throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      // From its third picture on it is known to be slow, and the thermal camera waits for it.
      for (int picture = 0; picture < 4; picture++) {
        showOne(loop, watcher, hand);
        for (int second = 0; second < 12; second++) {
          long before = loop.movements();
          hand.advanceMs(1_000);
          loop.sink(Modality.INFRARED).frame(frame(fast, 90, hand.nowNs()));
          Await.until("it moves", () -> loop.movements() > before);
        }
      }
    }
  }

  @Test
  void fuse_visibleCameraManyTimesSlowerThanTheThermalOne_everyPictureHasItsThermalFrame()
      throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      for (int second = 0; second < 5; second++) {
        long nowNs = hand.nowNs();
        showOne(loop, watcher, nowNs);
        // Before the camera is known to be slow, thermal frames go out alone between two of its.
        Await.until("the matched picture", () -> watcher.seen.containsKey(nowNs));
        assertEquals(Set.of(), watcher.seen.get(nowNs));
        for (int i = 0; i < 29; i++) {
          hand.advanceMs(33);
          loop.sink(Modality.INFRARED).frame(frame(fast, 90, hand.nowNs()));
        }
        hand.advanceMs(43);
      }
    }
    assertEquals(0, fast.leased());
  }

  @Test
  void still_camerasOfOnePictureASecond_isTheirLastUntilThreeOfTheirPeriodsAreOver()
      throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      for (int second = 0; second < 5; second++) {
        showOne(loop, watcher, hand);
        showStill(watcher, hand, 850);
        assertEquals(Set.of(), watcher.missing);
        hand.advanceMs(150);
      }
      // A network brings two right behind each other.
      showOne(loop, watcher, hand);
      hand.advanceMs(20);
      showOne(loop, watcher, hand);
      for (int still = 0; still < 3; still++) {
        showStill(watcher, hand, 900);
        assertEquals(Set.of(), watcher.missing);
      }
      showStill(watcher, hand, 400);
      assertEquals(
          EnumSet.of(Degradation.VISIBLE_LOST, Degradation.INFRARED_LOST), watcher.missing);
    }
  }

  @Test
  void still_slowCamera_leavesRoomForThePictureThatIsOnItsWay() throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      long[] delaysMs = {300, 450, 300, 900, 0};
      for (long delayMs : delaysMs) {
        long captureNs = hand.nowNs() - delayMs * 1_000_000;
        showOne(loop, watcher, captureNs);
        FusedFrame shown = watcher.frame;
        if (delayMs < 900) {
          assertEquals(captureNs, shown.captureNs());
        } else {
          long laterNs = shown.captureNs() - captureNs;
          assertEquals(laterNs, shown.fusedAgeNs(), "it is told how old it is");
          assertFalse(shown.repeated());
        }
        showStill(watcher, hand, 850);
        showStill(watcher, hand, 600);
        FusedFrame still = watcher.frame;
        assertEquals(1_250_000_000, still.captureNs() - shown.captureNs());
        assertEquals(1_250_000_000, still.captureWallNs() - shown.captureWallNs());
        hand.advanceMs(10);
      }
    }
    List<Long> times = watcher.times;
    for (int i = 1; i < times.size(); i++) {
      assertTrue(times.get(i) > times.get(i - 1), () -> "times do not grow: " + times);
    }
  }

  @Test
  void still_visibleGoneWhileTheThermalShutterIsClosed_saysSo() throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      showOne(loop, watcher, hand);
      loop.lost(Modality.VISIBLE);
      loop.sink(Modality.INFRARED).event(CameraEvent.FFC_STARTED);
      for (int still = 0; still < 5; still++) {
        showStill(watcher, hand, 1_000);
        assertEquals(EnumSet.of(Degradation.VISIBLE_LOST, Degradation.FFC), watcher.missing);
      }
    }
  }

  @Test
  void still_visibleFrozenAndThermalGone_saysSo() throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      showOne(loop, watcher, hand);
      loop.sink(Modality.VISIBLE).event(CameraEvent.FROZEN);
      loop.lost(Modality.INFRARED);
      showStill(watcher, hand, 1_000);
      assertEquals(
          EnumSet.of(Degradation.VISIBLE_FROZEN, Degradation.INFRARED_LOST), watcher.missing);
    }
  }

  @Test
  void still_usualCameraGoneBesideASlowOne_namesItAtOnce() throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      for (int i = 0; i <= 40; i++) {
        if (i % 20 == 0) {
          loop.sink(Modality.INFRARED).frame(frame(infrared, 90, hand.nowNs()));
        }
        int shown = watcher.shown.get();
        loop.sink(Modality.VISIBLE).frame(frame(visible, 1, hand.nowNs()));
        Await.until(
            "a picture",
            () -> {
              hand.advanceMs(10);
              return watcher.shown.get() > shown;
            });
        hand.advanceMs(33);
      }
      int stills = watcher.stills.get();
      Await.until(
          "a still",
          () -> {
            hand.advanceMs(10);
            return watcher.stills.get() > stills;
          });
      assertEquals(EnumSet.of(Degradation.VISIBLE_LOST), watcher.missing);
    }
  }

  @Test
  void still_bothRecordingsAtTheirEnd_saysSoAndTheLoopGoesOn() throws Exception {
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, watcher)) {
      loop.start();
      showOne(loop, watcher, hand);
      loop.sink(Modality.VISIBLE).event(CameraEvent.END_OF_STREAM);
      loop.sink(Modality.INFRARED).event(CameraEvent.END_OF_STREAM);
      for (int still = 1; still <= 3; still++) {
        hand.advanceMs(1_000);
        int stills = still;
        Await.until("a still", () -> watcher.stills.get() >= stills);
        assertEquals(EnumSet.of(Degradation.ENDED), watcher.missing);
      }
      assertEquals(4, loop.movements());
      assertFalse(loop.end().isDone());
    }
  }

  @Test
  void end_noMemoryForFrames_comesWithTheReason() throws Exception {
    OutOfMemoryError noMemory = new OutOfMemoryError("Cannot reserve direct buffer memory");
    RigLoop.Consumer consumer =
        frame -> {
          throw noMemory;
        };
    try (FusionBatcher batcher = batcher(hand);
        RigLoop loop = live(hand, batcher, consumer)) {
      assertNull(loop.failure());
      loop.start();
      loop.sink(Modality.INFRARED).frame(frame(infrared, 90, hand.nowNs()));
      loop.sink(Modality.VISIBLE).frame(frame(visible, 1, hand.nowNs()));
      ExecutionException end =
          assertThrows(ExecutionException.class, () -> loop.end().get(20, TimeUnit.SECONDS));
      assertSame(noMemory, end.getCause());
      assertSame(noMemory, loop.failure());
    }
    assertEquals(0, visible.leased());
    assertEquals(0, infrared.leased());
  }

  /** Counts what it is handed. */
  private static final class Watcher implements RigLoop.Consumer {
    final AtomicInteger shown = new AtomicInteger();
    final AtomicInteger stills = new AtomicInteger();
    final List<Long> times = new CopyOnWriteArrayList<>();
    final Map<Long, Set<Degradation>> seen = new ConcurrentHashMap<>();
    volatile Set<Degradation> missing = Set.of();

    /** Its numbers only: the pictures are given back. */
    volatile FusedFrame frame;

    @Override
    public void fused(FusedFrame fused) {
      times.add(fused.captureNs());
      seen.put(fused.captureNs(), fused.degradations());
      frame = fused;
      shown.incrementAndGet();
    }

    @Override
    public void still(FusedFrame still) {
      times.add(still.captureNs());
      frame = still;
      missing = still.degradations();
      stills.incrementAndGet();
    }
  }

  private void showOne(RigLoop loop, Watcher watcher, HandClock hand) {
    showOne(loop, watcher, hand.nowNs());
  }

  private void showOne(RigLoop loop, Watcher watcher, long captureNs) {
    int shown = watcher.shown.get();
    loop.sink(Modality.INFRARED).frame(frame(infrared, 90, captureNs));
    loop.sink(Modality.VISIBLE).frame(frame(visible, 1, captureNs));
    Await.until("a picture", () -> watcher.shown.get() > shown);
  }

  /** Time passes until the last picture is shown again. */
  private static void showStill(Watcher watcher, HandClock hand, long ms) {
    int stills = watcher.stills.get();
    hand.advanceMs(ms);
    Await.until("a still", () -> watcher.stills.get() > stills);
  }

  private FusionBatcher batcher(FrameClock at) {
    return new FusionBatcher(engines, BatchSettings.defaults().sharedBy(1, 0), at);
  }

  private RigLoop live(HandClock hand, FusionBatcher batcher, RigLoop.Consumer consumer) {
    return live(
        new ArrivalBox(Pacing.LIVE, hand),
        new PairLine(Pacing.LIVE),
        batcher,
        hand,
        new StageMetrics("rig", "register"),
        consumer);
  }

  private static RigLoop live(
      ArrivalBox box,
      PairLine line,
      FusionBatcher batcher,
      HandClock hand,
      StageMetrics register,
      RigLoop.Consumer consumer) {
    FusionStage stage =
        new FusionStage(
            FusionSettings.live().withNoiseReduction(false),
            Alignment.sameFieldOfView(),
            null,
            batcher,
            hand,
            register,
            new StageMetrics("rig", "fuse"),
            box::wake);
    FrameSynchronizer synchronizer =
        new FrameSynchronizer(SyncSettings.live(), new SyncStatistics());
    return new RigLoop("test", box, synchronizer, line, stage, hand, consumer);
  }

  private static Frame frame(FramePool pool, int value, long captureNs) {
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    for (int at = 0; at < SIDE * SIDE; at++) {
      frame.plane(0).put(at, (byte) value);
    }
    frame.stamp(captureNs, captureNs, captureNs);
    return frame;
  }

  private RigLoop loop(ArrivalBox box, FusionBatcher batcher, List<Long> times) {
    FusionStage stage =
        new FusionStage(
            FusionSettings.asTaken().withNoiseReduction(false),
            Alignment.sameFieldOfView(),
            null,
            batcher,
            clock,
            new StageMetrics("rig", "register"),
            new StageMetrics("rig", "fuse"),
            box::wake);
    RigLoop.Consumer consumer =
        new RigLoop.Consumer() {
          @Override
          public void fused(FusedFrame frame) {
            int value = (int) frame.captureNs();
            assertEquals(FakeEngines.fused(value, 90), frame.fused().plane(0).get(0) & 0xff);
            times.add(frame.captureNs());
          }
        };
    return new RigLoop(
        "test",
        box,
        new FrameSynchronizer(SyncSettings.asTaken(), new SyncStatistics()),
        new PairLine(Pacing.AS_TAKEN),
        stage,
        clock,
        consumer);
  }

  private static Thread source(RigLoop loop, Modality modality, FramePool pool) {
    Thread thread =
        new Thread(
            () -> {
              for (int i = 0; i < PAIRS; i++) {
                Frame frame = pool.tryBorrow();
                while (frame == null) {
                  Thread.onSpinWait();
                  frame = pool.tryBorrow();
                }
                byte value = (byte) (modality == Modality.VISIBLE ? i : 90);
                for (int at = 0; at < SIDE * SIDE; at++) {
                  frame.plane(0).put(at, value);
                }
                frame.stamp(i, i, i);
                loop.sink(modality).frame(frame);
              }
              loop.sink(modality).event(CameraEvent.END_OF_STREAM);
            },
            "source-" + modality);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}

package dev.nightfuse.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.nightfuse.camera.CameraAdapter;
import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

final class CameraSupervisorTest {

  /** Short pauses; the tests wait for what happens, never for a time. */
  private static final SupervisorTimes QUICK =
      new SupervisorTimes(400, 150, 60_000, 30_000, 5, 20, 100);

  private final FramePool pool = new FramePool(new FrameFormat(PixelFormat.GRAY8, 16, 16), 4);
  private final HandClock hand = new HandClock();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger starts = new AtomicInteger();

  /** What the scripted camera says of itself, and the supervisor's clock. */
  private long connectMs;

  private long silenceMs;
  private long freezeMs;
  private Modality modality = Modality.VISIBLE;
  private FrameClock clock = FrameClock.system();

  /** One attempt of the scripted camera. */
  private interface Script {
    void run(int attempt, FrameSink sink, StopSignal stop) throws Exception;
  }

  private CameraSupervisor supervise(Script script) throws CameraException {
    CameraAdapter adapter =
        new CameraAdapter() {
          @Override
          public Set<String> schemes() {
            return Set.of("test");
          }

          @Override
          public String usage() {
            return "test:";
          }

          @Override
          public CameraSource open(CameraSettings settings) {
            return new CameraSource() {
              @Override
              public void run(FrameSink sink, StopSignal stop) throws CameraException {
                try {
                  script.run(attempts.incrementAndGet(), sink, stop);
                } catch (CameraException | RuntimeException e) {
                  throw e;
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }

              @Override
              public long connectMs() {
                return connectMs;
              }

              @Override
              public long silenceMs() {
                return silenceMs;
              }

              @Override
              public long freezeMs() {
                return freezeMs;
              }
            };
          }

          @Override
          public List<String> discover() {
            return List.of();
          }
        };
    CameraSettings settings =
        new CameraSettings(
            "rig/" + modality.label(), modality, CameraUri.parse("test:x"), Pacing.LIVE, 4, clock);
    FrameSink sink =
        new FrameSink() {
          @Override
          public void started(FrameFormat format) {
            starts.incrementAndGet();
          }

          @Override
          public void frame(Frame frame) {
            seen.add("frame " + frame.sequence());
            frame.release();
          }

          @Override
          public void event(CameraEvent event) {
            seen.add(event.toString());
          }
        };
    CameraSupervisor supervisor =
        new CameraSupervisor(
            settings,
            new CameraAdapters(List.of(adapter)),
            sink,
            () -> seen.add("lost"),
            QUICK,
            new Random(1));
    supervisor.start();
    return supervisor;
  }

  private Frame frame(long sequence) {
    Frame frame = pool.tryBorrow();
    if (frame == null) {
      throw new AssertionError("frames leak");
    }
    frame.stamp(sequence, 0, 0);
    return frame;
  }

  /** A picture of something that arrives now; another one for each level. */
  private Frame picture(long sequence, int level) {
    return picture(sequence, level, 3);
  }

  private Frame picture(long sequence, int level, int slope) {
    Frame frame = frame(sequence);
    for (int i = 0; i < frame.format().sizeBytes(); i++) {
      frame.data().put(i, (byte) (level + i * slope));
    }
    frame.stamp(sequence, clock.nowNs(), clock.nowNs());
    return frame;
  }

  private void expect(String what) throws InterruptedException {
    String next = seen.poll(20, TimeUnit.SECONDS);
    assertEquals(what, next);
  }

  private static void untilStopped(StopSignal stop) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!stop.stopRequested()) {
      assertEquals(false, never.await(5, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void supervisor_firstOpeningFails_triesAgainUntilItWorks() throws Exception {
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              if (attempt < 3) {
                throw new CameraException("no such device");
              }
              sink.frame(frame(attempt));
              while (!stop.stopRequested()) {
                sink.frame(frame(99));
                new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
              }
            })) {
      expect("lost");
      expect("lost");
      expect("frame 3");
      expect("frame 99");
      assertEquals(CameraState.READY, supervisor.status().state());
      assertEquals(2, supervisor.status().reconnects());
    }
    assertEquals(0, pool.leased());
  }

  @Test
  void supervisor_cameraFallsSilent_isLostAndOpenedAgain() throws Exception {
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              sink.frame(frame(attempt));
              untilStopped(stop);
            })) {
      expect("frame 1");
      expect("lost");
      expect("frame 2");
      assertTrue(supervisor.status().reconnects() >= 1);
    }
  }

  @Test
  void supervisor_slowCamera_isGivenTheTimeItAsksFor() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    clock = counted(hand, looks);
    connectMs = 60_000;
    silenceMs = 5_000;
    CountDownLatch open = new CountDownLatch(1);
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              if (attempt == 1) {
                open.await();
                sink.frame(frame(attempt));
              }
              untilStopped(stop);
            })) {
      passes(hand, 59_000, looks);
      assertEquals(CameraState.CONNECTING, supervisor.status().state());
      open.countDown();
      expect("frame 1");
      passes(hand, 5_000, looks);
      assertEquals(CameraState.READY, supervisor.status().state());
      hand.advanceMs(101);
      expect("lost");
      assertEquals("no frames for 5100 ms", supervisor.status().message());
    }
  }

  @Test
  void supervisor_cameraSeenToBeSlow_isGivenThreeOfItsPeriods() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    clock = counted(hand, looks);
    BlockingQueue<Long> due = new LinkedBlockingQueue<>();
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              while (attempt == 1 && !stop.stopRequested()) {
                Long next = due.poll(5, TimeUnit.MILLISECONDS);
                if (next != null) {
                  sink.frame(frame(next));
                }
              }
              untilStopped(stop);
            })) {
      long[] periodsMs = {0, 200, 200, 400, 400, 400, 400, 400, 400};
      for (int i = 0; i < periodsMs.length; i++) {
        passes(hand, periodsMs[i], looks);
        due.add((long) i);
        expect("frame " + i);
      }
      passes(hand, 1_200, looks);
      assertEquals(CameraState.READY, supervisor.status().state());
      hand.advanceMs(101);
      expect("lost");
      assertEquals("no frames for 1300 ms", supervisor.status().message());
    }
  }

  private static FrameClock counted(HandClock hand, AtomicInteger looks) {
    return new FrameClock() {
      @Override
      public long nowNs() {
        looks.incrementAndGet();
        return hand.nowNs();
      }

      @Override
      public long wallNowNs() {
        return hand.wallNowNs();
      }
    };
  }

  /** Time passes, and the supervisor has seen it and thought about it. */
  private void passes(HandClock hand, long ms, AtomicInteger looks) {
    Await.until("the attempt", () -> attempts.get() == 1);
    hand.advanceMs(ms);
    int before = looks.get();
    Await.until("two looks at the clock", () -> looks.get() >= before + 2);
  }

  @Test
  void supervisor_flatFieldCorrection_isNotALoss() throws Exception {
    CountDownLatch silence = new CountDownLatch(1);
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              sink.frame(frame(1));
              sink.event(CameraEvent.FFC_STARTED);
              // Three times as long as silence would be allowed otherwise.
              silence.await(450, TimeUnit.MILLISECONDS);
              sink.event(CameraEvent.FFC_ENDED);
              sink.frame(frame(2));
              untilStopped(stop);
            })) {
      expect("frame 1");
      expect("FFC_STARTED");
      assertEquals(CameraState.FFC, supervisor.status().state());
      expect("FFC_ENDED");
      expect("frame 2");
      assertEquals(1, attempts.get());
    }
  }

  @Test
  void supervisor_pictureRepeats_isFlatFieldCorrectionUntilTheNextOne() throws Exception {
    clock = hand;
    freezeMs = 300;
    modality = Modality.INFRARED;
    CountDownLatch seenFrozen = new CountDownLatch(1);
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              // 9 pictures a second, each three times.
              for (int k = 0; k < 12; k++) {
                sink.frame(picture(k, k / 3));
                hand.advanceMs(37);
              }
              // The last one came first 111 ms ago.
              for (int k = 12; k < 40; k++) {
                sink.frame(picture(k, 3));
                hand.advanceMs(37);
              }
              seenFrozen.await();
              sink.frame(picture(40, 4));
              sink.frame(picture(41, 5));
              untilStopped(stop);
            })) {
      for (int k = 0; k < 18; k++) {
        expect("frame " + k);
      }
      expect("FFC_STARTED");
      assertEquals(CameraState.FFC, supervisor.status().state());
      seenFrozen.countDown();
      expect("FFC_ENDED");
      expect("frame 40");
      expect("frame 41");
      assertEquals(CameraState.READY, supervisor.status().state());
      assertEquals(20, supervisor.status().frames());
      assertEquals(0, supervisor.status().reconnects());
    }
    assertEquals(0, pool.leased());
  }

  @Test
  void supervisor_visiblePictureRepeats_isFrozenUntilTheNextOne() throws Exception {
    clock = hand;
    freezeMs = 2_000;
    CountDownLatch seenFrozen = new CountDownLatch(1);
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              // A slow shutter: each picture for a second.
              for (int k = 0; k < 30; k++) {
                sink.frame(picture(k, k / 10));
                hand.advanceMs(100);
              }
              // The last one came first a second ago.
              for (int k = 30; k < 50; k++) {
                sink.frame(picture(k, 2));
                hand.advanceMs(100);
              }
              seenFrozen.await();
              sink.frame(picture(50, 3));
              untilStopped(stop);
            })) {
      for (int k = 0; k < 40; k++) {
        expect("frame " + k);
      }
      expect("FROZEN");
      assertEquals(CameraState.FROZEN, supervisor.status().state());
      assertEquals("it repeats its last picture", supervisor.status().message());
      seenFrozen.countDown();
      expect("frame 50");
      assertEquals(CameraState.READY, supervisor.status().state());
      assertEquals("", supervisor.status().message());
      assertEquals(0, supervisor.status().reconnects());
    }
    assertEquals(0, pool.leased());
  }

  @Test
  void supervisor_blankVisiblePictureRepeats_isDelivered() throws Exception {
    clock = hand;
    freezeMs = 2_000;
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              for (int k = 0; k < 50; k++) {
                sink.frame(picture(k, 16, 0));
                hand.advanceMs(100);
              }
              untilStopped(stop);
            })) {
      for (int k = 0; k < 50; k++) {
        expect("frame " + k);
      }
      assertEquals(CameraState.READY, supervisor.status().state());
    }
  }

  @Test
  void supervisor_equalPicturesThatSayNothing_areDelivered() throws Exception {
    clock = hand;
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              for (int k = 0; k < 20; k++) {
                sink.frame(picture(k, 3));
                hand.advanceMs(100);
              }
              untilStopped(stop);
            })) {
      for (int k = 0; k < 20; k++) {
        expect("frame " + k);
      }
      assertEquals(CameraState.READY, supervisor.status().state());
    }
  }

  @ParameterizedTest
  @CsvSource({"INFRARED, FFC_STARTED", "VISIBLE, FROZEN"})
  void supervisor_pictureRepeatsForEver_isOpenedAgainAndShownOnlyWhenItIsNew(
      Modality camera, String told) throws Exception {
    modality = camera;
    clock = hand;
    freezeMs = 300;
    connectMs = 600_000;
    silenceMs = 600_000;
    AtomicInteger repeated = new AtomicInteger();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(CameraSupervisor.class);
    lines.start();
    logger.addAppender(lines);
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              sink.started(pool.format());
              sink.frame(picture(attempt, attempt < 4 ? 7 : 8));
              while (!stop.stopRequested()) {
                hand.advanceMs(attempt < 4 ? 400 : 0);
                sink.frame(picture(99, attempt < 4 ? 7 : 8));
                repeated.incrementAndGet();
                assertEquals(false, new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
              }
            })) {
      expect("frame 1");
      expect(told);
      expect("lost");
      expect("lost");
      assertEquals("the same picture for 30000 ms", supervisor.status().message());
      assertTrue(repeated.get() > 100, "it delivered all the time");
      expect("lost");
      expect("frame 4");
      assertEquals("", supervisor.status().message());
      assertEquals(2, starts.get(), "told of formats of which pictures came");
    } finally {
      logger.detachAppender(lines);
    }
    assertEquals(
        List.of("camera rig/" + camera.label() + " is lost: the same picture for 30000 ms"),
        lines.list.stream()
            .filter(line -> line.getLevel() == Level.WARN)
            .map(ILoggingEvent::getFormattedMessage)
            .filter(line -> line.contains("lost"))
            .toList());
    assertEquals(0, pool.leased());
  }

  @Test
  void supervisor_driverHangs_isLeftBehindAndCannotDeliverLater() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch late = new CountDownLatch(1);
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              sink.frame(frame(attempt));
              if (attempt == 1) {
                release.await();
                sink.frame(frame(1000));
                late.countDown();
              } else {
                untilStopped(stop);
              }
            })) {
      expect("frame 1");
      expect("lost");
      expect("frame 2");
      release.countDown();
      assertTrue(late.await(20, TimeUnit.SECONDS));
      assertTrue(seen.stream().noneMatch(s -> s.equals("frame 1000")), seen.toString());
      assertTrue(supervisor.status().frames() >= 2);
    }
    assertEquals(0, pool.leased());
  }

  @Test
  void supervisor_driverHangsEveryTime_stopsAddingToThem() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              sink.started(pool.format());
              sink.frame(frame(attempt));
              if (attempt <= 3) {
                release.await();
              } else {
                untilStopped(stop);
              }
            })) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        expect("frame " + attempt);
        expect("lost");
      }
      // Many pauses pass; none of them may end in a fourth attempt.
      assertNull(seen.poll(300, TimeUnit.MILLISECONDS));
      assertEquals(3, attempts.get());
      assertEquals(CameraState.LOST, supervisor.status().state());
      release.countDown();
      expect("frame 4");
    } finally {
      release.countDown();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTING, CONNECTING READY FFC LOST ENDED",
    "READY, READY FFC FROZEN LOST ENDED",
    "FFC, READY LOST ENDED",
    "FROZEN, READY LOST ENDED",
    "LOST, CONNECTING LOST",
    "ENDED, -"
  })
  void state_mayBecome_onlyWhatTheTableSays(CameraState from, String allowed) {
    for (CameraState to : CameraState.values()) {
      assertEquals(
          List.of(allowed.split(" ", -1)).contains(to.name()),
          from.mayBecome(to),
          from + " to " + to);
    }
  }

  @Test
  void supervisor_finiteSourceEnds_isNotOpenedAgain() throws Exception {
    try (CameraSupervisor supervisor =
        supervise(
            (attempt, sink, stop) -> {
              sink.frame(frame(1));
              sink.event(CameraEvent.END_OF_STREAM);
            })) {
      expect("frame 1");
      expect("END_OF_STREAM");
      Await.until("its end", () -> supervisor.status().state() == CameraState.ENDED);
      assertEquals("its recording has ended", supervisor.status().message());
      assertNull(seen.poll(), "nothing is lost");
      assertEquals(1, attempts.get());
    }
  }
}

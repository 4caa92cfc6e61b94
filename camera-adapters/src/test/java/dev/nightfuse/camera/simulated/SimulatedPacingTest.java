package dev.nightfuse.camera.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.testing.ManualClock;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.GroundTruth;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulatedPacingTest {

  private static final String SMALL = "simulated:night?size=160x120&fps=20&ir_fps=20";
  private static final long PERIOD_NS = 50_000_000;
  private static final long DEADLINE_S = 20;

  private final ManualClock clock = new ManualClock(3 * PERIOD_NS - 1_000_000);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Held visible = new Held();
  private final Held infrared = new Held();
  private final java.util.List<Thread> threads = new java.util.ArrayList<>();

  /** Keeps frames and events until the test asks for them. */
  private static final class Held implements FrameSink {

    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    final BlockingQueue<CameraEvent> events = new LinkedBlockingQueue<>();

    @Override
    public void started(FrameFormat format) {}

    @Override
    public void frame(Frame frame) {
      frames.add(frame);
    }

    @Override
    public void event(CameraEvent event) {
      events.add(event);
    }

    Frame next() throws InterruptedException {
      Frame frame = frames.poll(DEADLINE_S, TimeUnit.SECONDS);
      assertNotNull(frame, "no frame came");
      return frame;
    }
  }

  private Thread start(Held sink, Modality modality, Pacing pacing) throws Exception {
    var source = new SimulatedAdapter().open(Take.settings(SMALL, modality, pacing, clock));
    Thread thread =
        new Thread(
            () -> {
              try {
                source.run(sink, stop::get);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            },
            "test-camera-" + modality.label());
    threads.add(thread);
    thread.start();
    return thread;
  }

  @AfterEach
  void stopAll() throws InterruptedException {
    stop.set(true);
    for (Thread thread : threads) {
      thread.join(DEADLINE_S * 1000);
      assertFalse(thread.isAlive(), "a source did not stop");
    }
  }

  @Test
  void live_bothCameras_exposeTogetherOnTheClocksGrid() throws Exception {
    start(visible, Modality.VISIBLE, Pacing.LIVE);
    start(infrared, Modality.INFRARED, Pacing.LIVE);
    assertNull(visible.frames.poll(30, TimeUnit.MILLISECONDS), "nothing before its time");
    for (long n = 3; n < 8; n++) {
      clock.advanceMs(n == 3 ? 1 : 50);
      Frame v = visible.next();
      Frame i = infrared.next();
      assertEquals(n * PERIOD_NS, v.captureNs());
      assertEquals(v.captureNs(), i.captureNs());
      assertEquals(n, numberOf(v));
      assertEquals(n, numberOf(i));
      assertTrue(v.arrivalNs() >= v.captureNs());
      v.release();
      i.release();
    }
  }

  @Test
  void live_poolEmpty_losesFramesAndTells_thenGoesOn() throws Exception {
    start(visible, Modality.VISIBLE, Pacing.LIVE);
    clock.advanceMs(1);
    Frame first = visible.next();
    clock.advanceMs(50);
    Frame second = visible.next();
    clock.advanceMs(50);
    assertEquals(CameraEvent.FRAME_LOST, visible.events.poll(DEADLINE_S, TimeUnit.SECONDS));
    assertTrue(visible.frames.isEmpty());
    first.release();
    clock.advanceMs(50);
    Frame after = visible.next();
    assertEquals(second.sequence() + 2, after.sequence());
    second.release();
    after.release();
  }

  @Test
  void live_clockJumps_skipsWhatIsPast() throws Exception {
    start(infrared, Modality.INFRARED, Pacing.LIVE);
    clock.advanceMs(1);
    infrared.next().release();
    clock.advanceMs(500);
    Frame newest = infrared.next();
    assertEquals(13 * PERIOD_NS, newest.captureNs());
    assertEquals(9, infrared.events.size(), "frames 4 to 12 are lost, and counted");
    newest.release();
  }

  @Test
  void asTaken_poolEmpty_waitsAndLosesNothing() throws Exception {
    start(visible, Modality.VISIBLE, Pacing.AS_TAKEN);
    Frame first = visible.next();
    Frame second = visible.next();
    assertNull(visible.frames.poll(60, TimeUnit.MILLISECONDS), "a pool of two is out");
    first.release();
    assertEquals(2, visible.next().sequence());
    second.release();
    assertEquals(3, visible.next().sequence());
    assertTrue(visible.events.isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void stop_whileWaiting_returns(Pacing pacing) throws Exception {
    Thread thread = start(visible, Modality.VISIBLE, pacing);
    clock.advanceMs(1);
    visible.next();
    stop.set(true);
    thread.join(DEADLINE_S * 1000);
    assertFalse(thread.isAlive());
  }

  private static long numberOf(Frame frame) {
    GroundTruth truth = frame.truth();
    assertNotNull(truth);
    return truth.frameNumber();
  }
}

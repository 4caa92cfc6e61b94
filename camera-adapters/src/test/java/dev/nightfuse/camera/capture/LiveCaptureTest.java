package dev.nightfuse.camera.capture;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.camera.testing.ManualClock;
import dev.nightfuse.camera.testing.RecordingSink;
import dev.nightfuse.camera.testing.RecordingSink.Seen;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.gst.AppSource;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveCaptureTest {

  private static final String LIVE_SOURCE =
      "videotestsrc is-live=true do-timestamp=true num-buffers=%d"
          + " ! video/x-raw,format=%s,width=64,height=48,framerate=50/1 ! %s";

  @Test
  void run_liveSource_stampsCaptureBeforeArrivalAtTheSourcesPace() throws Exception {
    RecordingSink sink = new RecordingSink(frame -> 0);
    capture(Modality.VISIBLE, "I420", 1000, sink, 5000, 1000, () -> sink.count() >= 25);

    List<Seen> frames = sink.frames();
    for (int i = 1; i < frames.size(); i++) {
      long gap = frames.get(i).sequence() - frames.get(i - 1).sequence();
      long stepNs = frames.get(i).captureNs() - frames.get(i - 1).captureNs();
      assertTrue(gap >= 1 && stepNs > 0, "in order");
      long ageNs = frames.get(i).arrivalNs() - frames.get(i).captureNs();
      assertTrue(ageNs >= 0 && ageNs < 5_000_000_000L, "age " + ageNs);
    }
    // The source makes 50 a second, however late we are told.
    Seen first = frames.get(0);
    Seen last = frames.get(frames.size() - 1);
    assertTrue(last.captureNs() - first.captureNs() >= (frames.size() - 2) * 20_000_000L);
  }

  @Test
  void run_sixteenBits_stayThatWay() throws Exception {
    RecordingSink sink = new RecordingSink(frame -> 0);
    capture(Modality.INFRARED, "GRAY16_LE", 1000, sink, 5000, 1000, () -> sink.count() >= 2);
    assertEquals(List.of(new FrameFormat(PixelFormat.GRAY16_LE, 64, 48)), sink.formats());
  }

  @Test
  void run_sourceEnds_isALoss() {
    RecordingSink sink = new RecordingSink(frame -> 0);
    assertLost(
        "v4l2:/dev/test: the stream ended",
        () -> capture(Modality.VISIBLE, "I420", 3, sink, 5000, 1000, () -> false));
    assertTrue(sink.count() <= 3 && sink.count() > 0);
  }

  @Test
  void run_noFirstFrame_saysHowLongItWaited() throws Exception {
    try (GstPipeline pipeline = silentPipeline()) {
      RecordingSink sink = new RecordingSink(frame -> 0);
      assertLost(
          "v4l2:/dev/test: no frames for 150 ms",
          () -> new LiveCapture(settings(2), 150, 5000).run(pipeline, sink, () -> false));
    }
  }

  @Test
  void run_silenceAfterAFrame_isNoticedWithinTheLimit() throws Exception {
    try (GstPipeline pipeline = silentPipeline()) {
      RecordingSink sink = new RecordingSink(frame -> 0);
      push(pipeline);
      assertLost(
          "v4l2:/dev/test: no frames for 250 ms",
          () -> new LiveCapture(settings(2), 20_000, 250).run(pipeline, sink, () -> false));
      assertEquals(1, sink.count());
    }
  }

  @Test
  void run_silenceOfACameraOfUnknownRate_leavesASlowOneTime() throws Exception {
    ManualClock clock = new ManualClock(1_000_000_000_000L);
    try (GstPipeline pipeline = silentPipeline()) {
      RecordingSink sink = new RecordingSink(frame -> 0);
      push(pipeline);
      StopSignal passing =
          () -> {
            clock.advance(sink.count() == 1 ? 100_000_000 : 0);
            return false;
          };
      assertLost(
          "v4l2:/dev/test: no frames for 2700 ms",
          () -> new LiveCapture(settings(2, clock), 20_000, 0).run(pipeline, sink, passing));
    }
  }

  @Test
  void run_sinkKeepsAllFrames_dropsAndCounts() throws Exception {
    List<Frame> kept = new ArrayList<>();
    long[] lost = new long[1];
    FrameSink hoarder =
        new FrameSink() {
          @Override
          public void started(FrameFormat format) {}

          @Override
          public void frame(Frame frame) {
            kept.add(frame);
          }

          @Override
          public void event(CameraEvent event) {
            lost[0] += event == CameraEvent.FRAME_LOST ? 1 : 0;
            if (lost[0] == 5) {
              kept.remove(0).release();
            }
          }
        };
    try (GstPipeline pipeline =
        GstRuntime.start().parse(LIVE_SOURCE.formatted(1000, "I420", tail(Modality.VISIBLE)))) {
      new LiveCapture(settings(3), 5000, 1000)
          .run(pipeline, hoarder, () -> kept.size() == 3 && lost[0] > 5);
    }
    assertTrue(lost[0] > 5);
    // The frame after the losses tells by its number that some are missing.
    assertTrue(kept.get(2).sequence() >= 3 + 5, "sequence " + kept.get(2).sequence());
    kept.forEach(Frame::release);
  }

  @Test
  void run_openedAgain_takesNoMoreMemory() throws Exception {
    Set<Frame> frames = new HashSet<>();
    CameraSettings settings = settings(2);
    for (int opening = 1; opening <= 3; opening++) {
      RecordingSink sink = new RecordingSink(frame -> frames.add(frame) ? 1 : 0);
      try (GstPipeline pipeline =
          GstRuntime.start().parse(LIVE_SOURCE.formatted(1000, "I420", tail(Modality.VISIBLE)))) {
        new LiveCapture(settings, 5000, 1000).run(pipeline, sink, () -> sink.count() >= 3);
      }
      assertEquals(1, sink.formats().size(), "told at every opening");
    }
    assertEquals(2, frames.size());
  }

  private static GstPipeline silentPipeline() throws GstException {
    return GstRuntime.start()
        .parse(
            "appsrc name=in is-live=true do-timestamp=true format=time"
                + " caps=\"video/x-raw,format=I420,width=64,height=48,framerate=30/1\" ! "
                + tail(Modality.VISIBLE));
  }

  private static void push(GstPipeline pipeline) throws GstException {
    AppSource in = pipeline.source("in");
    Frame frame =
        requireNonNull(new FramePool(new FrameFormat(PixelFormat.I420, 64, 48), 1).tryBorrow());
    pipeline.play();
    assertTrue(in.push(frame, 0, 33_000_000));
    frame.release();
  }

  private static void capture(
      Modality modality,
      String format,
      int buffers,
      RecordingSink sink,
      int connectMs,
      int silenceMs,
      StopSignal stop)
      throws CameraException, GstException {
    try (GstPipeline pipeline =
        GstRuntime.start().parse(LIVE_SOURCE.formatted(buffers, format, tail(modality)))) {
      CameraSettings settings =
          new CameraSettings(
              "rig/cam",
              modality,
              CameraUri.parse("v4l2:/dev/test"),
              Pacing.LIVE,
              4,
              FrameClock.system());
      new LiveCapture(settings, connectMs, silenceMs).run(pipeline, sink, stop);
    }
  }

  private static String tail(Modality modality) {
    return CaptureFormat.video(modality, Framing.AS_CAPTURED, LiveCapture.SINK_PROPERTIES);
  }

  private static void assertLost(String message, org.junit.jupiter.api.function.Executable run) {
    assertEquals(message, assertThrows(CameraException.class, run).getMessage());
  }

  private static CameraSettings settings(int poolFrames) throws CameraException {
    return settings(poolFrames, FrameClock.system());
  }

  private static CameraSettings settings(int poolFrames, FrameClock clock) throws CameraException {
    return new CameraSettings(
        "rig/cam",
        Modality.VISIBLE,
        CameraUri.parse("v4l2:/dev/test"),
        Pacing.LIVE,
        poolFrames,
        clock);
  }
}

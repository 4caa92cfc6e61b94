package dev.nightfuse.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.Subscription;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.Videos;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publisher, real encoder and hub together. */
class LiveViewTest {

  private static final String X264 = EncoderKind.X264.chain(EncoderSettings.DEFAULT);

  @TempDir Path folder;

  private final FrameClock clock = FrameClock.system();
  private final StageMetrics metrics = new StageMetrics("demo", "encode");
  private final MovingPicture pictures = new MovingPicture(320, 240);
  private final StreamHub hub =
      new StreamHub("demo", View.FUSED, clock, new StageMetrics("demo", "send"));
  private int index;

  @AfterEach
  void close() {
    hub.close();
    assertEquals(0, pictures.leased());
  }

  @Test
  void encoder_diesAgainAndAgain_viewerGetsADecodableStream() throws Exception {
    // Each encoder of this view dies after twenty frames.
    try (ViewPublisher publisher = publisher("identity error-after=20 ! " + X264)) {
      Subscription viewer = hub.subscribe("viewer", 100, () -> {});
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      int units = 0;
      int keyFrames = 0;
      long lastSequence = -1;
      while (units < 60) {
        show(publisher);
        for (AccessUnit unit = viewer.poll(); unit != null; unit = viewer.poll()) {
          stream.writeBytes(unit.payload());
          assertEquals(lastSequence + 1, unit.sequence());
          lastSequence = unit.sequence();
          keyFrames += unit.keyFrame() ? 1 : 0;
          units++;
        }
      }
      assertTrue(keyFrames >= 3, "key frames: " + keyFrames);
      assertEquals(0, viewer.dropped());
      assertEquals(units, decoded(stream.toByteArray()));
    }
  }

  @Test
  void info_nobodyWatched_isAnsweredByTheFirstPicture() throws Exception {
    try (ViewPublisher publisher = publisher(X264)) {
      var info = hub.info();
      while (!info.isDone()) {
        show(publisher);
      }
      assertEquals(320, info.get(1, TimeUnit.SECONDS).widthPx());
    }
  }

  private ViewPublisher publisher(String chain) {
    GstRuntime gst = Gst.require("x264enc");
    AtomicLong sequence = new AtomicLong();
    AtomicInteger opened = new AtomicInteger();
    VideoEncoder.Factory factory =
        new VideoEncoder.Factory() {
          @Override
          public String name() {
            return "x264enc";
          }

          @Override
          public VideoEncoder open(
              FrameFormat format, double framesPerSecond, VideoEncoder.Listener listener)
              throws EncoderException {
            return new GstVideoEncoder(
                gst,
                new GstVideoEncoder.Setup(
                    chain,
                    2,
                    EncoderSettings.DEFAULT,
                    clock,
                    metrics,
                    sequence::getAndIncrement,
                    "encode-live-" + opened.incrementAndGet()),
                format,
                listener);
          }
        };
    return new ViewPublisher(hub, fused -> fused.fused().retain(), factory, clock, metrics);
  }

  private void show(ViewPublisher publisher) throws InterruptedException {
    Frame picture = pictures.frame(index);
    FusedFrame fused =
        new FusedFrame(
            index++, clock.nowNs(), clock.wallNowNs(), picture, null, null, null, 0, 0, Set.of());
    publisher.offer(fused);
    fused.release();
    Thread.sleep(10);
  }

  private int decoded(byte[] annexB) throws Exception {
    Path file = Files.write(folder.resolve("out.h264"), annexB);
    return Videos.frames(file);
  }
}

package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.rtsp.RtspAdapter;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.stream.View;
import dev.nightfuse.supervise.CameraState;
import dev.nightfuse.supervise.CameraSupervisor;
import dev.nightfuse.supervise.SupervisorTimes;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our RTSP camera against our RTSP server: frames, loss, return. */
final class RtspCameraTest {

  private static H264Sample sample;

  @TempDir private Path folder;

  private final FrameClock clock = FrameClock.system();
  private final StageMetrics metrics = new StageMetrics("demo", "send");
  private final FakeStream stream = new FakeStream("demo", View.FUSED, sample, clock);
  private final Frames frames = new Frames();
  private RtspServer server;
  private String scheme = "rtsp";
  private LivePublisher publisher;

  @BeforeAll
  static void encode() throws Exception {
    sample = H264Sample.encoded(320, 240, 2);
  }

  @AfterEach
  void stop() {
    if (publisher != null) {
      publisher.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"tcp, VISIBLE, I420", "udp, VISIBLE, I420", "tcp, INFRARED, GRAY8"})
  void camera_plays_stampedFramesInOrder(String transport, Modality modality, PixelFormat pixels)
      throws Exception {
    serve(0);
    new RtspAdapter()
        .open(settings(modality, "nf.transport=" + transport))
        .run(frames, () -> frames.count.get() >= 45);

    assertEquals(List.of(new FrameFormat(pixels, 320, 240)), frames.formats);
    for (int i = 1; i < frames.captureNs.size(); i++) {
      assertTrue(frames.captureNs.get(i) > frames.captureNs.get(i - 1), "in order");
    }
    long spanNs = frames.captureNs.get(44) - frames.captureNs.get(5);
    // 39 pictures at 30 a second; the machine may be busy, but not twice as slow or fast.
    assertTrue(spanNs > 650_000_000L && spanNs < 2_600_000_000L, "span " + spanNs);
  }

  @Test
  void camera_serverFallsSilent_isLostWithinTheLimit() throws Exception {
    serve(0);
    CameraException e =
        assertThrows(
            CameraException.class,
            () ->
                new RtspAdapter()
                    .open(settings(Modality.VISIBLE, "nf.silence_ms=300"))
                    .run(
                        frames,
                        () -> {
                          if (frames.count.get() == 10) {
                            publisher.close();
                          }
                          return false;
                        }));
    assertTrue(e.getMessage().endsWith("/demo/fused: no frames for 300 ms"), e.getMessage());
  }

  @Test
  void camera_serverGoesAway_isLost() throws Exception {
    serve(0);
    assertThrows(
        CameraException.class,
        () ->
            new RtspAdapter()
                .open(settings(Modality.VISIBLE, "nf.silence_ms=900"))
                .run(
                    frames,
                    () -> {
                      if (frames.count.get() == 10) {
                        server.close();
                      }
                      return false;
                    }));
  }

  @Test
  void supervisor_serverReturns_framesReturn() throws Exception {
    serve(0);
    int port = server.port();
    AtomicInteger losses = new AtomicInteger();
    SupervisorTimes times = new SupervisorTimes(5_000, 1_000, 5_000, 30_000, 50, 200, 1_500);
    try (CameraSupervisor supervisor =
        new CameraSupervisor(
            settings(Modality.VISIBLE, ""),
            new CameraAdapters(List.of(new RtspAdapter())),
            frames,
            losses::incrementAndGet,
            times,
            new Random(1))) {
      supervisor.start();
      for (int round = 0; round < 3; round++) {
        int seen = frames.count.get();
        Await.until("frames", () -> frames.count.get() > seen + 10);
        server.close();
        Await.until("loss", () -> supervisor.status().state() != CameraState.READY);
        int before = frames.count.get();
        serve(port);
        Await.until("frames again", () -> frames.count.get() > before);
      }
      assertTrue(losses.get() >= 3);
    }
  }

  @Test
  void camera_certificateOfItsOwn_playsWhenItIsNamed() throws Exception {
    TestCertificate camera = TestCertificate.make(folder, "camera", "-ext", "SAN=dns:elsewhere");
    serve(0, new ServerCertificate(camera.certificate(), camera.key(), clock));
    new RtspAdapter()
        .open(settings(Modality.VISIBLE, "nf.certificate=" + camera.certificate()))
        .run(frames, () -> frames.count.get() >= 10);
    assertTrue(frames.count.get() >= 10);
  }

  @Test
  void camera_certificateOfItsOwn_isRefusedWhenItIsNotNamed() throws Exception {
    TestCertificate camera = TestCertificate.make(folder, "camera");
    TestCertificate other = TestCertificate.make(folder, "other");
    serve(0, new ServerCertificate(camera.certificate(), camera.key(), clock));
    Map<String, String> hints =
        Map.of(
            "",
            "signed by nobody whom this machine trusts; nf.certificate=FILE trusts the one in the file.",
            "nf.certificate=" + other.certificate(),
            "its certificate is not the one in " + other.certificate() + ".");
    for (Map.Entry<String, String> hint : hints.entrySet()) {
      CameraException e =
          assertThrows(
              CameraException.class,
              () ->
                  new RtspAdapter()
                      .open(settings(Modality.VISIBLE, hint.getKey()))
                      .run(frames, () -> frames.count.get() > 0));
      assertTrue(e.getMessage().endsWith(hint.getValue()), e.getMessage());
    }
  }

  @Test
  void camera_certificateNotInPem_isRefusedBeforeItIsOpened() throws Exception {
    TestCertificate camera = TestCertificate.make(folder, "camera");
    Path der = Files.write(folder.resolve("camera.der"), camera.x509().getEncoded());
    serve(0, new ServerCertificate(camera.certificate(), camera.key(), clock));
    CameraSettings settings = settings(Modality.VISIBLE, "nf.certificate=" + der);
    CameraException e = assertThrows(CameraException.class, () -> new RtspAdapter().open(settings));
    assertTrue(
        e.getMessage()
            .endsWith(der + "; allowed is a PEM file, readable, with the camera's certificate"),
        e.getMessage());
  }

  private void serve(int port) throws IOException {
    serve(port, null);
  }

  private void serve(int port, @Nullable ServerCertificate certificate) throws IOException {
    scheme = certificate == null ? "rtsp" : "rtsps";
    server =
        new RtspServer(
            new RtspSettings(
                "127.0.0.1",
                port,
                true,
                0,
                0,
                1_452,
                30,
                RtspLimits.defaults(),
                RtspTimeouts.defaults()),
            () -> List.of(stream),
            clock,
            rig -> metrics,
            new Gate(Passwords.NONE, FrameClock.system()),
            certificate);
    server.start();
    if (publisher == null) {
      publisher = new LivePublisher(List.of(stream));
    }
  }

  private CameraSettings settings(Modality modality, String options) throws CameraException {
    return new CameraSettings(
        "rig/" + modality.label(),
        modality,
        CameraUri.parse(
            "%s://127.0.0.1:%d/demo/fused?%s".formatted(scheme, server.port(), options)),
        Pacing.LIVE,
        4,
        clock);
  }

  private static final class Frames implements FrameSink {

    final List<FrameFormat> formats = new CopyOnWriteArrayList<>();
    final List<Long> captureNs = new CopyOnWriteArrayList<>();
    final AtomicInteger count = new AtomicInteger();

    @Override
    public void started(FrameFormat format) {
      formats.add(format);
    }

    @Override
    public void frame(Frame frame) {
      captureNs.add(frame.captureNs());
      count.incrementAndGet();
      frame.release();
    }

    @Override
    public void event(CameraEvent event) {}
  }
}

package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.GstPlayer;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.TestCertificate;
import dev.nightfuse.testing.VlcPlayer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section I of the cases: real players against the server, with real video. */
@ExtendWith(NettyLeaks.class)
final class PlayersTest {
  private static FakeStream stream;
  private static FakeStream changing;
  private static RtspServer server;
  private static RtspServer tcpOnly;
  private static RtspServer locked;
  private static RtspServer encrypted;
  private static LivePublisher publisher;

  @BeforeAll
  static void serve(@TempDir Path folder) throws Exception {
    FrameClock clock = FrameClock.system();
    H264Sample large = H264Sample.encoded(640, 480, 4);
    H264Sample small = H264Sample.encoded(320, 240, 1);
    stream = new FakeStream("demo", View.FUSED, large, clock);
    changing = new FakeStream("demo", View.OVERLAY, small.followedBy(large), clock);
    StageMetrics metrics = new StageMetrics("demo", "send");
    server = TestServer.live(List.of(stream, changing), clock, metrics, true);
    tcpOnly = TestServer.live(List.of(stream), clock, metrics, false);
    Gate gate = new Gate(new Passwords("steering-wheel", "window-seat"), clock);
    locked = TestServer.live(List.of(stream), clock, metrics, true, gate, null);
    TestCertificate made = TestCertificate.make(folder, "players");
    ServerCertificate certificate = new ServerCertificate(made.certificate(), made.key(), clock);
    encrypted = TestServer.live(List.of(stream), clock, metrics, true, gate, certificate);
    publisher = new LivePublisher(List.of(stream, changing));
  }

  @AfterAll
  static void stop() {
    if (publisher != null) {
      publisher.close();
      server.close();
      tcpOnly.close();
      locked.close();
      encrypted.close();
    }
  }

  private static String url(RtspServer of, String view) {
    return "rtsp://127.0.0.1:" + of.port() + "/demo/" + view;
  }

  private static ExternalProcess.Result ffmpeg(String url, String... transport) throws Exception {
    ExternalProcess.require("ffmpeg");
    String command =
        "ffmpeg -v warning %s -i %s -frames:v 60 -f framemd5 -"
            .formatted(String.join(" ", transport), url);
    return ExternalProcess.run(60, command.split(" +", -1));
  }

  private static void assertSixtyFrames(ExternalProcess.Result result) {
    assertEquals("", result.stderr());
    assertEquals(0, result.exitCode());
    assertEquals(60, frames(result));
  }

  private static long frames(ExternalProcess.Result result) {
    return result.text().lines().filter(l -> !l.startsWith("#")).count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp"})
  void ffmpeg_decodesSixtyFrames_withoutComplaint(String transport) throws Exception {
    assertSixtyFrames(ffmpeg(url(server, "fused"), "-rtsp_transport", transport));
  }

  @Test
  void ffmpeg_udpRefused_fallsBackToTcp() throws Exception {
    ExternalProcess.Result result = ffmpeg(url(tcpOnly, "fused"));
    assertTrue(result.stderr().contains("method SETUP failed: 461 Unsupported transport"));
    assertEquals(1, result.stderr().lines().count(), result.stderr());
    assertEquals(60, frames(result));
  }

  @Test
  void ffmpeg_credentialsAndQueryInUrl_plays() throws Exception {
    String url = url(server, "fused").replace("rtsp://", "rtsp://user:secret@") + "?a=b";
    assertSixtyFrames(ffmpeg(url, "-rtsp_transport", "tcp"));
  }

  private static String encryptedUrl() {
    return url(encrypted, "fused").replace("rtsp://", "rtsps://viewer:window-seat@");
  }

  @Test
  void ffmpeg_tls_plays() throws Exception {
    assertSixtyFrames(ffmpeg(encryptedUrl()));
  }

  @Test
  void ffmpeg_withoutTls_isToldWhy() throws Exception {
    ExternalProcess.Result result = ffmpeg(encryptedUrl().replace("rtsps:", "rtsp:"));
    assertTrue(result.stderr().contains("426 Upgrade Required"), result.stderr());
  }

  @Test
  void ffprobe_tls_showsStream() throws Exception {
    ExternalProcess.require("ffprobe");
    String command =
        "ffprobe -v warning -show_entries stream=codec_name,width,height -of csv=p=0 "
            + encryptedUrl();
    ExternalProcess.Result result = ExternalProcess.run(60, command.split(" ", -1));
    assertEquals("", result.stderr());
    assertEquals("h264,640,480", result.text().strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp+tcp"})
  void gstreamer_tls_decodesThirtyFrames(String transport, @TempDir Path pictures)
      throws Exception {
    GstPlayer.decodeThirtyFrames(
        encryptedUrl(), transport + " tls-validation-flags=0", 60, pictures);
  }

  private static String lockedUrl(String login) {
    return url(locked, "fused").replace("rtsp://", "rtsp://" + login + "@");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp"})
  void ffmpeg_password_plays(String transport) throws Exception {
    assertSixtyFrames(ffmpeg(lockedUrl("viewer:window-seat"), "-rtsp_transport", transport));
  }

  @Test
  void ffmpeg_wrongPassword_isRefused() throws Exception {
    ExternalProcess.Result result =
        ffmpeg(lockedUrl("viewer:another-seat"), "-rtsp_transport", "tcp");
    assertTrue(result.stderr().contains("401 Unauthorized"), result.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp"})
  void gstreamer_password_decodesThirtyFrames(String transport, @TempDir Path pictures)
      throws Exception {
    GstPlayer.decodeThirtyFrames(lockedUrl("viewer:window-seat"), transport, 60, pictures);
  }

  @Test
  void vlc_password_showsPictures(@TempDir Path home) throws Exception {
    VlcPlayer.showPictures(lockedUrl("operator:steering-wheel"), "--rtsp-tcp", 5, 60, home);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp"})
  void ffprobe_showsStream(String transport) throws Exception {
    ExternalProcess.require("ffprobe");
    String command =
        "ffprobe -v warning -rtsp_transport %s -show_entries stream=codec_name,width,height -of csv=p=0 %s"
            .formatted(transport, url(server, "fused"));
    ExternalProcess.Result result = ExternalProcess.run(60, command.split(" ", -1));
    assertEquals("", result.stderr());
    assertEquals("h264,640,480", result.text().strip());
  }

  @Test
  void ffprobe_resolutionChanges_followsTheParameterSetsInBand() throws Exception {
    ExternalProcess.require("ffprobe");
    String command =
        "ffprobe -v error -rtsp_transport tcp -read_intervals %%+6 -show_entries frame=width -of csv=p=0 %s"
            .formatted(url(server, "overlay"));
    ExternalProcess.Result result = ExternalProcess.run(60, command.split(" ", -1));
    assertEquals("", result.stderr());
    assertEquals(
        "320 640",
        result
            .text()
            .lines()
            .filter(l -> !l.isBlank())
            .map(l -> l.replaceAll("\\D", ""))
            .distinct()
            .sorted()
            .collect(Collectors.joining(" ")));
  }

  @Test
  void ffmpeg_killed_leavesNothingBehind() throws Exception {
    ExternalProcess.require("ffmpeg");
    int before = stream.viewers();
    String command =
        "ffmpeg -v error -rtsp_transport udp -i " + url(server, "fused") + " -f null -";
    try (ExternalProcess player = ExternalProcess.start(command.split(" ", -1))) {
      Await.until("plays", () -> stream.viewers() == before + 1);
      player.killNow();
      Await.until("gone", () -> stream.viewers() == before);
    }
  }

  /** rtspsrc by default tries UDP first and goes on to TCP. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp", "udp+tcp refused"})
  void gstreamer_decodesThirtyFrames(String transport, @TempDir Path pictures) throws Exception {
    boolean refused = transport.endsWith("refused");
    GstPlayer.decodeThirtyFrames(
        url(refused ? tcpOnly : server, "fused"), transport.replace(" refused", ""), 60, pictures);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--rtsp-tcp"})
  void vlc_showsPictures(String option, @TempDir Path home) throws Exception {
    VlcPlayer.showPictures(url(server, "fused"), option, 5, 60, home);
  }
}

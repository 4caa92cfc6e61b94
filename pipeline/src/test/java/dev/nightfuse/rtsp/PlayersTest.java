package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real players against the server, with real video. */
final class PlayersTest {
  private static RtspServer server;
  private static LivePublisher publisher;

  @BeforeAll
  static void serve() throws Exception {
    FrameClock clock = FrameClock.system();
    FakeStream stream = new FakeStream("demo", View.FUSED, H264Sample.encoded(640, 480, 4), clock);
    StageMetrics metrics = new StageMetrics("demo", "send");
    RtspSettings d = RtspSettings.defaults();
    RtspSettings settings =
        new RtspSettings(
            "127.0.0.1",
            0,
            true,
            0,
            0,
            d.maxPacketBytes(),
            d.queueUnits(),
            d.limits(),
            d.timeouts());
    server = new RtspServer(settings, () -> List.of(stream), clock, rig -> metrics);
    server.start();
    publisher = new LivePublisher(List.of(stream));
  }

  @AfterAll
  static void stop() {
    if (publisher != null) {
      publisher.close();
      server.close();
    }
  }

  private static String url() {
    return "rtsp://127.0.0.1:" + server.port() + "/demo/fused";
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp"})
  void ffmpeg_decodesSixtyFrames_withoutComplaint(String transport) throws Exception {
    ExternalProcess.assumeInstalled("ffmpeg");
    ExternalProcess.Result result =
        ExternalProcess.run(
            30,
            "ffmpeg",
            "-v",
            "warning",
            "-rtsp_transport",
            transport,
            "-i",
            url(),
            "-frames:v",
            "60",
            "-f",
            "framemd5",
            "-");
    assertEquals("", result.stderr());
    assertEquals(0, result.exitCode());
    assertEquals(60, result.text().lines().filter(l -> !l.startsWith("#")).count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp"})
  void ffprobe_showsStream(String transport) throws Exception {
    ExternalProcess.assumeInstalled("ffprobe");
    ExternalProcess.Result result =
        ExternalProcess.run(
            30,
            "ffprobe",
            "-v",
            "warning",
            "-rtsp_transport",
            transport,
            "-show_entries",
            "stream=codec_name,width,height",
            "-of",
            "csv=p=0",
            url());
    assertEquals("", result.stderr());
    assertEquals("h264,640,480", result.text().strip());
  }
}

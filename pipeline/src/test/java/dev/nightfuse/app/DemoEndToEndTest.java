package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.GstPlayer;
import dev.nightfuse.testing.VlcPlayer;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code nightfuse demo}, played by the players that people have, and asked how it is. */
final class DemoEndToEndTest {

  private static final int PLAYER_S = 90;

  @TempDir static Path home;

  private static Program demo;

  @BeforeAll
  static void start() throws Exception {
    demo = Program.start(home, "demo");
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp"})
  void ffmpeg_fusedView_decodesSixtyFramesWithoutError(String transport) throws Exception {
    String command =
        "ffmpeg -v error -rtsp_transport %s -i %s -frames:v 60 -f framemd5 -"
            .formatted(transport, demo.rtspUrl("fused"));
    ExternalProcess.Result result = ExternalProcess.run(PLAYER_S, command.split(" ", -1));
    assertEquals("", result.stderr());
    assertEquals(0, result.exitCode());
    String[] frames = result.text().lines().filter(l -> !l.startsWith("#")).toArray(String[]::new);
    assertEquals(60, frames.length);
    long different = Stream.of(frames).map(l -> l.replaceAll(".*, *", "")).distinct().count();
    assertTrue(different > 50, "of 60 pictures only " + different + " differ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fused", "overlay", "visible", "infrared", "side-by-side"})
  void ffprobe_everyView_hasItsSize(String view) throws Exception {
    String command =
        "ffprobe -v error -rtsp_transport tcp -show_entries stream=codec_name,width,height -of csv=p=0 "
            + demo.rtspUrl(view);
    ExternalProcess.Result result = ExternalProcess.run(PLAYER_S, command.split(" ", -1));
    assertEquals("", result.stderr());
    String width = view.equals("side-by-side") ? "960" : "640";
    assertEquals("h264," + width + ",480", result.text().strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "udp"})
  void gstreamer_fusedView_decodesThirtyFrames(String transport, @TempDir Path pictures)
      throws Exception {
    GstPlayer.decodeThirtyFrames(demo.rtspUrl("fused"), transport, PLAYER_S, pictures);
  }

  @Test
  void vlc_fusedView_showsPictures(@TempDir Path pictures) throws Exception {
    VlcPlayer.showPictures(demo.rtspUrl("fused"), "", 10, PLAYER_S, pictures);
  }

  @Test
  void status_whileRunning_tellsTheWholeRig() throws Exception {
    JsonNode rig = demo.awaitRig("a second of frames", r -> r.path("fusedFrames").asLong() > 30);
    assertEquals("demo", rig.path("name").asText());
    assertEquals("640x480", rig.path("widthPx").asText() + "x" + rig.path("heightPx").asText());
    assertEquals("nightnet-m-int8", rig.path("model").asText());
    // A simulated camera cannot deliver more than it was asked for.
    assertTrue(rig.path("fusedFps").asDouble() > 0 && rig.path("fusedFps").asDouble() < 40);
    assertTrue(rig.path("skewMs").path("p95").asDouble() < 20, rig.toString());
    assertTrue(rig.path("captureToSendMs").has("p95"), rig.toString());
    assertEquals(5, rig.path("streams").size());
    assertEquals(0, rig.path("visible").path("reconnects").asInt());
    assertFalse(rig.path("recording").path("active").asBoolean());
    demo.awaitRig(
        "both cameras ready",
        r ->
            r.path("visible").path("state").asText().equals("READY")
                && r.path("infrared").path("state").asText().equals("READY"));
    assertTrue(demo.status().path("health").asText().matches("ok|degraded"));
  }

  @Test
  void still_ofTheOverlay_isAJpegOfItsSize() throws Exception {
    URI uri = URI.create(demo.dashboardUrl() + "api/v1/rigs/demo/overlay.jpg");
    try (InputStream file = uri.toURL().openStream()) {
      BufferedImage picture = ImageIO.read(file);
      assertEquals("640x480", picture.getWidth() + "x" + picture.getHeight());
    }
  }

  @Test
  void healthz_whileRunning_is200() throws Exception {
    HttpResponse<String> health = demo.get("healthz");
    assertEquals(200, health.statusCode(), health.body());
  }

  @Test
  void metrics_whileRunning_areReadableAndCountFrames() throws Exception {
    demo.awaitRig("frames", r -> r.path("fusedFrames").asLong() > 0);
    String metrics = demo.get("metrics").body();
    assertTrue(
        metrics
            .lines()
            .anyMatch(l -> l.matches("nightfuse_fused_frames_total\\{.*\"demo\".*\\} \\d+.*")),
        metrics);
    metrics
        .lines()
        .filter(l -> !l.startsWith("#"))
        .forEach(l -> assertTrue(l.matches("[a-z_]+(\\{.*\\})? [-+0-9.eEInfNa]+"), l));
  }
}

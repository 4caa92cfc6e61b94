package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.Videos;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nightfuse run} on files in place of cameras. */
final class ReplayRunTest {

  private static final Path SMOKE =
      Path.of(System.getProperty("nightfuse.root", "..")).resolve("../shared/data/M3SVD");

  @TempDir Path home;

  private void playLive(Path visible, Path infrared, int widthPx, int heightPx) throws Exception {
    ExternalProcess.require("ffmpeg");
    String yaml =
        """
        rigs:
          - name: demo
            visible: {uri: "replay:%s?loop=true"}
            infrared: {uri: "replay:%s?loop=true"}
        """
            .formatted(visible, infrared);
    try (Program program = Program.startWith(home, yaml)) {
      String command =
          "ffmpeg -v error -rtsp_transport tcp -i %s -frames:v 60 -f framemd5 -"
              .formatted(program.rtspUrl("fused"));
      ExternalProcess.Result result = ExternalProcess.run(90, command.split(" ", -1));
      assertEquals("", result.stderr());
      assertEquals(60, result.text().lines().filter(l -> !l.startsWith("#")).count());
      JsonNode rig = program.rig();
      assertEquals(widthPx, rig.path("widthPx").asInt());
      assertEquals(heightPx, rig.path("heightPx").asInt());
      assertEquals(0, rig.path("visible").path("reconnects").asInt(), rig.toString());
    }
  }

  @Test
  void run_generatedVideosInALoop_playsOnAcrossTheirEnd() throws Exception {
    Path visible = Videos.make(home.resolve("v.mp4"), "testsrc2=size=320x240:rate=30", 40);
    Path infrared = Videos.make(home.resolve("i.mp4"), "mandelbrot=size=320x240:rate=30", 40);
    playLive(visible, infrared, 320, 240);
  }

  @Test
  void run_videosThatEnd_saysSoAndKeepsTheLastPictureUp() throws Exception {
    ExternalProcess.require("ffmpeg");
    Path visible = Videos.make(home.resolve("v.mp4"), "testsrc2=size=320x240:rate=30", 150);
    Path infrared = Videos.make(home.resolve("i.mp4"), "mandelbrot=size=320x240:rate=30", 150);
    String yaml =
        """
        rigs:
          - name: demo
            visible: {uri: "replay:%s"}
            infrared: {uri: "replay:%s"}
            recording: {on_start: true, directory: recordings}
        """
            .formatted(visible, infrared);
    try (Program program = Program.startWith(home, yaml)) {
      JsonNode ended =
          program.awaitRig("the end", rig -> rig.path("degradations").toString().contains("ENDED"));
      for (String camera : List.of("visible", "infrared")) {
        assertEquals("ENDED", ended.path(camera).path("state").asText(), ended.toString());
        assertEquals("its recording has ended", ended.path(camera).path("message").asText());
        assertEquals(0, ended.path(camera).path("reconnects").asInt());
      }
      // Without a picture, a rig counts as failed after three seconds.
      long endedMs = program.status().path("uptimeMs").asLong();
      Await.until(
          "four seconds", () -> program.status().path("uptimeMs").asLong() > endedMs + 4_000);
      JsonNode recording = program.rig().path("recording");
      assertFalse(recording.path("active").asBoolean(), recording.toString());
      assertEquals("", recording.path("error").asText());
      try (Stream<Path> files = Files.list(home.resolve("recordings/demo"))) {
        List<String> names = files.map(file -> file.getFileName().toString()).toList();
        assertEquals(
            1,
            names.stream().filter(name -> name.endsWith("_fused.mp4")).count(),
            names.toString());
      }
      assertEquals("degraded", program.status().path("health").asText());
      assertEquals(200, program.get("healthz").statusCode());
      String command =
          "ffmpeg -v error -rtsp_transport tcp -i %s -frames:v 3 -f framemd5 -"
              .formatted(program.rtspUrl("fused"));
      ExternalProcess.Result viewer = ExternalProcess.run(90, command.split(" ", -1));
      assertEquals(3, viewer.text().lines().filter(l -> !l.startsWith("#")).count());
    }
  }

  @Test
  void run_smokeVideosOfSharedData_play() throws Exception {
    Path visible = SMOKE.resolve("visible/0111_1716.mp4").normalize().toAbsolutePath();
    Assumptions.assumeTrue(Files.exists(visible), "no ../shared/data/M3SVD");
    String[] size = Videos.size(visible).split(",", -1);
    assertTrue(size.length >= 2);
    playLive(
        visible,
        SMOKE.resolve("infrared/0111_1716.mp4").normalize().toAbsolutePath(),
        Integer.parseInt(size[0]),
        Integer.parseInt(size[1]));
  }
}

package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cameras that misbehave: it is said in words, on the picture, and viewers stay. */
final class DegradedRigTest {

  @TempDir Path home;

  private Program start(String options) throws Exception {
    String uri = "simulated:night?seed=7&" + options;
    return Program.startWith(
        home,
        """
        rigs:
          - name: demo
            visible: {uri: "%1$s"}
            infrared: {uri: "%1$s"}
            encoder: {key_interval_s: 0.5}
        """
            .formatted(uri));
  }

  private static boolean says(JsonNode rig, String degradation) {
    return rig.path("degradations").toString().contains('"' + degradation + '"');
  }

  /** A viewer begins with the last key frame, which is seconds old where pictures come slowly. */
  private static void awaitPicture(Program program, String what, Predicate<BufferedImage> condition)
      throws Exception {
    Await.until(what, Program.PATIENCE, () -> condition.test(picture(program)));
  }

  /** The first decoded picture of the fused view. */
  private static BufferedImage picture(Program program) throws Exception {
    String command =
        "ffmpeg -v error -rtsp_transport tcp -i %s -frames:v 1 -f image2pipe -c:v png -"
            .formatted(program.rtspUrl("fused"));
    ExternalProcess.Result result = ExternalProcess.run(90, command.split(" ", -1));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(result.stdout()));
    if (image == null) {
      throw new AssertionError("no picture: " + result.stderr());
    }
    return image;
  }

  @Test
  void infrared_lostAndBack_isSaidShownAndOver() throws Exception {
    try (Program program = start("lose=infrared&lose_at_s=4&lose_for_s=9");
        ExternalProcess viewer =
            ExternalProcess.start(
                ("ffmpeg -v error -rtsp_transport tcp -i "
                        + program.rtspUrl("overlay")
                        + " -f null -")
                    .split(" ", -1))) {
      program.awaitRig("no thermal", rig -> says(rig, "INFRARED_LOST"));
      assertEquals("degraded", program.status().path("health").asText());
      assertEquals(200, program.get("healthz").statusCode());
      awaitPicture(program, "a status line while thermal is lost", StatusLine::isOn);
      program.awaitRig("visible goes on", rig -> rig.path("fusedFps").asDouble() > 1);
      long framesLost = program.rig().path("fusedFrames").asLong();

      JsonNode back =
          program.awaitRig(
              "thermal again",
              rig ->
                  rig.path("infrared").path("state").asText().equals("READY")
                      && !says(rig, "INFRARED_LOST"));
      assertTrue(back.path("fusedFrames").asLong() > framesLost);
      assertTrue(viewer.isAlive(), "the viewer stayed");
      assertTrue(back.path("infrared").path("reconnects").asInt() >= 1, back.toString());
      assertEquals(0, back.path("visible").path("reconnects").asInt());
      awaitPicture(program, "no status line while all is well", p -> !StatusLine.isOn(p));
    }
  }

  @Test
  void ffc_everyFewSeconds_holdsTheThermalPictureWithoutReconnecting() throws Exception {
    try (Program program = start("ffc_every_s=3&ffc_ms=1500")) {
      program.awaitRig("a correction", rig -> says(rig, "FFC"));
      JsonNode after = program.awaitRig("its end", rig -> !says(rig, "FFC"));
      assertEquals(0, after.path("infrared").path("reconnects").asInt());
    }
  }

  @Test
  void ffc_cameraThatRepeatsItsPicture_isNoticedAndHeldWithoutReconnecting() throws Exception {
    try (Program program = start("ffc_every_s=6&ffc_ms=3000&ffc=repeat")) {
      program.awaitRig(
          "a correction",
          rig -> says(rig, "FFC") && rig.path("infrared").path("state").asText().equals("FFC"));
      awaitPicture(program, "a status line during a correction", StatusLine::isOn);
      JsonNode after =
          program.awaitRig(
              "its end",
              rig ->
                  !says(rig, "FFC") && rig.path("infrared").path("state").asText().equals("READY"));
      assertEquals(0, after.path("infrared").path("reconnects").asInt());
    }
  }

  @Test
  void visible_cameraThatHangs_isNoticedAndTheThermalPictureShownAlone() throws Exception {
    try (Program program = start("freeze_every_s=12&freeze_for_s=8&freeze_ms=1000")) {
      // Of one status: it may hang for a moment only, just when the program begins.
      Await.until(
          "a hang",
          Program.PATIENCE,
          () -> {
            JsonNode status = program.status();
            JsonNode rig = status.path("rigs").path(0);
            JsonNode visible = rig.path("visible");
            return says(rig, "VISIBLE_FROZEN")
                && visible.path("state").asText().equals("FROZEN")
                && visible.path("message").asText().equals("it repeats its last picture")
                && status.path("health").asText().equals("degraded");
          });
      awaitPicture(program, "a status line while it hangs", StatusLine::isOn);
      program.awaitRig("thermal goes on", rig -> rig.path("fusedFps").asDouble() > 1);
      JsonNode after =
          program.awaitRig(
              "its end",
              rig ->
                  !says(rig, "VISIBLE_FROZEN")
                      && rig.path("visible").path("state").asText().equals("READY"));
      assertEquals(0, after.path("visible").path("reconnects").asInt());
    }
  }

  @Test
  void drops_ofBothCameras_areCountedAndTheStreamGoesOn() throws Exception {
    try (Program program = start("drop=0.2")) {
      JsonNode rig = program.awaitRig("frames", r -> r.path("fusedFrames").asLong() > 60);
      assertTrue(rig.path("visible").path("lost").asLong() > 0, rig.toString());
      assertTrue(rig.path("infrared").path("lost").asLong() > 0, rig.toString());
    }
  }

  @Test
  void skew_beyondTolerance_isRefusedAndSaid() throws Exception {
    try (Program program = start("fps=10&ir_fps=10&skew_ms=40")) {
      // A picture says so before the frame that had no partner is counted.
      program.awaitRig(
          "unmatched pictures",
          r -> says(r, "SKEW") && r.path("infrared").path("unmatched").asLong() > 0);
    }
  }

  @Test
  void slowThermal_nineFramesPerSecond_isHeldAndVisibleKeepsItsRate() throws Exception {
    try (Program program = start("ir_fps=9")) {
      // Were thermal pictures not held there would never be more fused ones, however long it ran;
      // a busy machine only takes longer to get there.
      JsonNode rig =
          program.awaitRig(
              "more fused pictures than thermal ones, and twice the visible ones",
              r -> {
                long infrared = r.path("infrared").path("frames").asLong();
                return r.path("fusedFrames").asLong() > Math.max(60, infrared)
                    && r.path("visible").path("frames").asLong() > 2 * infrared;
              });
      assertEquals(0, rig.path("infrared").path("reconnects").asInt());
    }
  }
}

package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.Videos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program ends: asked to, and not asked at all. */
final class EndingTest {

  /** 128 + SIGTERM, as every JVM that is asked to end; the service unit counts it as success. */
  private static final int TERMINATED = 143;

  private static final String RECORDING_RIG =
      """
      rigs:
        - name: demo
          visible: {uri: "simulated:night?seed=7"}
          infrared: {uri: "simulated:night?seed=7"}
          encoder: {key_interval_s: 0.5}
          recording: {on_start: true}
      """;

  @TempDir Path home;

  @Test
  void sigterm_whileRecordingAndWatched_endsCleanly() throws Exception {
    ExternalProcess.require("ffmpeg");
    String play = "ffmpeg -v error -rtsp_transport tcp -i %s -f null -";
    try (Program program = Program.startWith(home, RECORDING_RIG);
        ExternalProcess viewer =
            ExternalProcess.start(play.formatted(program.rtspUrl("overlay")).split(" ", -1))) {
      program.awaitRig("a recording", r -> r.path("recording").path("bytes").asLong() > 200_000);
      program.awaitRig("a viewer", r -> sent(r, "overlay") > 60);
      List<ProcessHandle> children = program.process().handle().descendants().toList();

      long beganNs = System.nanoTime();
      program.process().terminate();
      ExternalProcess.Result result = program.process().await(30);
      long tookMs = (System.nanoTime() - beganNs) / 1_000_000;
      System.out.println("from SIGTERM to the end of the process: " + tookMs + " ms");

      assertEquals(TERMINATED, result.exitCode(), result.stderr());
      assertEquals(List.of(), children.stream().filter(ProcessHandle::isAlive).toList());
      assertEquals(List.of(), program.family());
      ExternalProcess.Result seen = viewer.await(30);
      assertEquals(0, seen.exitCode(), seen.stderr());
      assertTrue(Videos.frames(onlyRecording()) > 15);
    }
  }

  @Test
  void sigkill_whileRecording_losesAtMostTheLastSecondAndIsRepaired() throws Exception {
    ExternalProcess.require("ffprobe");
    Path file;
    int atLeast;
    try (Program program = Program.startWith(home, RECORDING_RIG)) {
      program.awaitRig("three seconds", r -> r.path("fusedFrames").asLong() > 90);
      // What was fused a second ago must be in the file, whatever happens now.
      long framesBefore = program.rig().path("fusedFrames").asLong();
      program.awaitRig("a second", r -> r.path("fusedFrames").asLong() > framesBefore + 35);
      program.process().killNow();
      Await.until("the end", () -> !program.process().isAlive());
      file = onlyRecording();
      atLeast = (int) framesBefore - 20;
    }
    long tornBytes = Files.size(file);
    try (Program again = Program.startWith(home, RECORDING_RIG)) {
      again.awaitRig("a new recording", r -> r.path("recording").path("bytes").asLong() > 0);
      int frames = Videos.frames(file);
      assertTrue(frames >= atLeast, "of " + atLeast + " frames " + frames + " are left");
      assertTrue(Files.size(file) > tornBytes / 2, "nearly nothing was cut away");
    }
  }

  @Test
  void rigThatFails_endsTheProgramWithItsReason() throws Exception {
    // Enough native memory for the pictures of one camera, not for those that are made of them.
    Path config = Program.config(home, RECORDING_RIG);
    Map<String, String> environment =
        Map.of("JAVA_TOOL_OPTIONS", "-XX:MaxDirectMemorySize=10m", "LC_ALL", "C");
    try (Program program = Program.launch(home, environment, "run", "-c", config.toString())) {
      ExternalProcess.Result result = program.process().await(60);
      assertEquals(1, result.exitCode(), result.stderr());
      String said = "nightfuse: rig demo has stopped: java.lang.OutOfMemoryError";
      assertTrue(result.stderr().contains(said), result.stderr());
    }
  }

  private static long sent(JsonNode rig, String view) {
    for (JsonNode stream : rig.path("streams")) {
      if (stream.path("view").asText().equals(view)) {
        return stream.path("units").asLong();
      }
    }
    throw new AssertionError("no view " + view + " in " + rig);
  }

  private Path onlyRecording() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("recordings"))) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }
}

package dev.nightfuse.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.ExternalProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncoderTrialTest {

  @Test
  void run_workingEncoder_passesInAnotherProcess() {
    Gst.require("x264enc");
    assertNull(EncoderTrial.run("x264enc", EncoderTrial.TIMEOUT_MS));
  }

  @Test
  void run_missingEncoder_saysWhatIsMissing() {
    Gst.require("x264enc");
    Gst.requireAbsent("nvv4l2h264enc");
    String problem = EncoderTrial.run("nvv4l2h264enc", EncoderTrial.TIMEOUT_MS);
    assertNotNull(problem);
    assertTrue(problem.startsWith("trial failed: encoder does not start: "), problem);
  }

  @Test
  void run_childHangs_isKilledAndNamed() {
    ExternalProcess.require("sleep");
    assertEquals(
        "trial hangs: no answer within 200 ms", EncoderTrial.run(List.of("sleep", "60"), 200));
  }

  @Test
  void run_childCrashes_isNamed() {
    ExternalProcess.require("sh");
    assertEquals(
        "trial crashed with exit code 139",
        EncoderTrial.run(List.of("sh", "-c", "kill -SEGV $$"), 10_000));
  }

  @Test
  void run_childRefuses_reasonIsPassedOn() {
    ExternalProcess.require("sh");
    assertEquals(
        "trial failed: no such device",
        EncoderTrial.run(List.of("sh", "-c", "echo no such device; exit 3"), 10_000));
  }

  @Test
  void run_noSuchProgram_isNamed() {
    String problem = EncoderTrial.run(List.of("/nonexistent/java"), 10_000);
    assertNotNull(problem);
    assertTrue(problem.startsWith("trial does not start: "), problem);
  }
}

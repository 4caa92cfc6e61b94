package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.supervise.CameraState;
import dev.nightfuse.telemetry.Telemetry;
import dev.nightfuse.testing.HandClock;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What has a name in one place has it wherever it is shown. */
final class NamesTest {

  private static String script(String name) throws Exception {
    try (InputStream in = NamesTest.class.getResourceAsStream("/dev/nightfuse/dashboard/" + name)) {
      if (in == null) {
        throw new AssertionError("no " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void degradations_allAreInWordsOnThePage() throws Exception {
    String screen = script("screen.js");
    for (Degradation degradation : Degradation.values()) {
      assertTrue(screen.contains("\n  " + degradation + ": ['"), degradation + " in screen.js");
    }
  }

  @Test
  void cameraStates_allAreOnThePageAndInTheMetrics() throws Exception {
    String panel = script("panel.js");
    HandClock clock = new HandClock();
    Telemetry telemetry = new Telemetry("1", clock);
    telemetry.rig("demo", LiveRig.degradationKinds());
    String metrics = telemetry.metrics();
    for (CameraState state : CameraState.values()) {
      assertTrue(panel.contains("\n  " + state + ": ['"), state + " in panel.js");
      String label = "state=\"" + state.name().toLowerCase(Locale.ROOT) + "\"";
      assertTrue(metrics.contains(label), state + " in the metrics");
    }
  }
}

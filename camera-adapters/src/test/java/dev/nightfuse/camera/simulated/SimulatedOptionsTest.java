package dev.nightfuse.camera.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.testing.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SimulatedOptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed=x        | seed=x; allowed is a whole number from 0 to 2147483647",
        "seed=-1       | seed=-1; allowed is a whole number from 0 to 2147483647",
        "fps=0         | fps=0; allowed is a number from 1.0 to 240.0",
        "fps=NaN       | fps=NaN; allowed is a number from 1.0 to 240.0",
        "ir_fps=       | ir_fps=; allowed is a number from 1.0 to 240.0",
        "size=641x480  | size=641x480; allowed is 160x120 to 1920x1200, in even pixels",
        "ir_size=9x9   | ir_size=9x9; allowed is 16 to 8192 pixels a side",
        "drop=1.5      | drop=1.5; allowed is a number from 0.0 to 1.0",
        "lose=both     | lose=both; allowed is none or visible or infrared",
        "rig=loose     | rig=loose; allowed is mounted or identity",
        "truth=maybe   | truth=maybe; allowed is true or false",
        "ffc=open      | ffc=open; allowed is stop or repeat",
        "ffc_every_s=0.5&ffc_ms=600 | ffc_every_s=0.5; allowed is 0 or more than ffc_ms",
        "freeze_every_s=4&freeze_for_s=4 | freeze_every_s=4; allowed is 0 or more than freeze_for_s",
      })
  void parse_wrongValue_saysKeyValueAndWhatIsAllowed(String query, String message) {
    assertEquals("simulated:night: " + message, messageOf("simulated:night?" + query));
  }

  @Test
  void parse_unknownOption_listsTheKnownOnes() {
    String message = messageOf("simulated:night?skew=3");
    assertTrue(
        message.startsWith("simulated:night: unknown option skew; known are seed, size, fps,"),
        message);
    assertTrue(message.endsWith("lose, lose_at_s, lose_for_s"), message);
  }

  @Test
  void parse_unknownScene_saysWhichThereIs() {
    assertEquals(
        "simulated:day: there is no such scene; allowed is night",
        messageOf("simulated:day?seed=1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "simulated:night",
        "simulated:night?fps=29.97&ir_fps=9&ir_size=320x256",
        "simulated:night?skew_ms=-12.5&jitter_ms=3&drift_ppm=50&drop=0.01&parallax_m=-0.2",
        "simulated:night?ffc_every_s=30&ffc_ms=800&lose=infrared&lose_at_s=4&lose_for_s=2",
      })
  void open_goodAddress_isTaken(String address) throws Exception {
    new SimulatedAdapter()
        .open(Take.settings(address, Modality.INFRARED, Pacing.LIVE, new ManualClock(0)));
  }

  @Test
  void usage_namesEveryOption() {
    String usage = new SimulatedAdapter().usage();
    for (String key : SimulatedOptions.KEYS) {
      assertTrue(usage.contains(key), key);
    }
  }

  private static String messageOf(String address) {
    return String.valueOf(
        assertThrows(CameraException.class, () -> SimulatedOptions.parse(CameraUri.parse(address)))
            .getMessage());
  }
}

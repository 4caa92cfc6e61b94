package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {

  @ParameterizedTest
  @CsvSource({
    "65536, 0, 0, 1452, 30, 'port is 65536, allowed is 0 to 65535'",
    "-1,    0, 0, 1452, 30, 'port is -1, allowed is 0 to 65535'",
    "0,     0, 0, 1453, 30, 'maxPacketBytes is 1453, allowed is 256 to 1452'",
    "0,     0, 0, 1452, 1,  'queueUnits is 1, allowed is 2 to 10000'",
    "0,     7, 0, 1452, 30, 'udpFirstPort to udpLastPort is 7 to 0, allowed is 0 to 0 or a range of two ports or more'",
    "0,     8, 8, 1452, 30, 'udpFirstPort to udpLastPort is 8 to 8, allowed is 0 to 0 or a range of two ports or more'"
  })
  void settings_outOfRange_sayWhatIsAllowed(
      int port, int first, int last, int packetBytes, int queueUnits, String message) {
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new RtspSettings(
                    "::",
                    port,
                    true,
                    first,
                    last,
                    packetBytes,
                    queueUnits,
                    RtspLimits.defaults(),
                    RtspTimeouts.defaults()));
    assertEquals("RTSP setting " + message, wrong.getMessage());
  }

  @Test
  void limitsAndTimeouts_outOfRange_sayWhatIsAllowed() {
    assertEquals(
        "RTSP setting maxConnections is 0, allowed is 1 to 100000",
        assertThrows(
                IllegalArgumentException.class, () -> new RtspLimits(0, 1, 1, 2_048, 8_192, 64, 0))
            .getMessage());
    assertEquals(
        "RTSP setting sessionMs is 10, allowed is 1000 to 3600000",
        assertThrows(IllegalArgumentException.class, () -> new RtspTimeouts(100, 100, 10, 100, 100))
            .getMessage());
  }
}

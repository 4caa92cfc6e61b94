package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TransportHeaderTest {

  @ParameterizedTest
  @CsvSource({
    "RTP/AVP;unicast;client_port=5000-5001,              UDP,         5000, 5001",
    "RTP/AVP/UDP;unicast;client_port=5000-5001,          UDP,         5000, 5001",
    "rtp/avp;unicast; client_port = 5001-5002,           UDP,         5001, 5002",
    "RTP/AVP;unicast;client_port=5000,                   UDP,         5000, 5001",
    "RTP/AVP;client_port=5000-5001;mode=\"PLAY\",        UDP,         5000, 5001",
    "RTP/AVP;unicast;client_port=5000-5001;mode=play,    UDP,         5000, 5001",
    "RTP/AVP;unicast;client_port=5000-5001;mode=record,  OTHER,       5000, 5001",
    "RTP/AVP;unicast,                                    OTHER,       -1,   -1",
    "RTP/AVP;multicast,                                  OTHER,       -1,   -1",
    "RTP/AVP;multicast;client_port=5000-5001,            OTHER,       5000, 5001",
    "RTP/SAVP;unicast;client_port=5000-5001,             OTHER,       -1,   -1",
    "RAW/RAW/UDP;unicast;client_port=5000-5001,          OTHER,       -1,   -1",
    "RTP/AVP/TCP;unicast;interleaved=0-1,                INTERLEAVED, 0,    1",
    "RTP/AVP/TCP;interleaved=254-255,                    INTERLEAVED, 254,  255",
    "RTP/AVP/TCP;unicast;interleaved=4,                  INTERLEAVED, 4,    5",
    "RTP/AVP/TCP;unicast;ssrc=00000000,                  INTERLEAVED, -1,   -1",
    "RTP/AVP/TCP,                                        INTERLEAVED, -1,   -1"
  })
  void parse_oneTransport_tellsWhatIsAsked(
      String header, TransportHeader.Kind kind, int first, int second) {
    TransportHeader parsed = TransportHeader.parseAll(List.of(header)).get(0);
    assertEquals(kind, parsed.kind());
    assertEquals(first, parsed.first());
    assertEquals(second, parsed.second());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";unicast",
        "RTP/AVP;unicast;client_port=5000-5001,",
        "RTP/AVP;unicast;client_port=0-1",
        "RTP/AVP;unicast;client_port=65535",
        "RTP/AVP;unicast;client_port=65536-65537",
        "RTP/AVP;unicast;client_port=-5",
        "RTP/AVP;unicast;client_port=5000-5001-5002",
        "RTP/AVP;unicast;client_port=5000-5000",
        "RTP/AVP;unicast;client_port=",
        "RTP/AVP/TCP;interleaved=256-257",
        "RTP/AVP/TCP;interleaved=255",
        "RTP/AVP/TCP;interleaved=2-2",
        "RTP/AVP/TCP;interleaved=a-b",
        "RTP/AVP/TCP;interleaved=99999999999-1"
      })
  void parse_malformed_isRefused(String header) {
    RtspException refused =
        assertThrows(RtspException.class, () -> TransportHeader.parseAll(List.of(header)));
    assertEquals(400, refused.status().code);
  }

  @Test
  void parseAll_severalHeadersAndLists_keepsTheOrder() {
    List<TransportHeader.Kind> kinds =
        TransportHeader.parseAll(
                List.of("RTP/SAVP;unicast, RTP/AVP/TCP;interleaved=0-1", "RTP/AVP;client_port=2-3"))
            .stream()
            .map(TransportHeader::kind)
            .toList();
    assertEquals(
        List.of(
            TransportHeader.Kind.OTHER, TransportHeader.Kind.INTERLEAVED, TransportHeader.Kind.UDP),
        kinds);
  }
}

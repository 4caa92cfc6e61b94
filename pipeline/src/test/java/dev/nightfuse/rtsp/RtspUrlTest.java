package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section C of the cases: addresses as clients write them. */
final class RtspUrlTest {

  @ParameterizedTest
  @CsvSource({
    "rtsp://h/demo/fused,                        rtsp://h/demo/fused,         demo|fused, -1",
    "rtsp://h:8554/demo/fused/,                  rtsp://h:8554/demo/fused,    demo|fused, -1",
    "RTSP://h//demo//fused,                      rtsp://h/demo/fused,         demo|fused, -1",
    "rtsp://h/demo/fused/trackID=0,              rtsp://h/demo/fused,         demo|fused, 0",
    "rtsp://h/demo/fused/trackID=0/,             rtsp://h/demo/fused,         demo|fused, 0",
    "rtsp://h/demo/fused/trackID=3,              rtsp://h/demo/fused,         demo|fused, 3",
    "rtsp://h/demo/fused?a=b,                    rtsp://h/demo/fused,         demo|fused, -1",
    "rtsp://h/demo/fused?a=b/trackID=0,          rtsp://h/demo/fused,         demo|fused, 0",
    "rtsp://h/demo/fused/trackID=0?a=b,          rtsp://h/demo/fused,         demo|fused, 0",
    "rtsp://h/demo/fused/?a=/../x,               rtsp://h/demo/fused,         demo|fused, -1",
    "rtsp://user:pa%40ss@h:1/demo/fused,         rtsp://h:1/demo/fused,       demo|fused, -1",
    "rtsp://[::1]:8554/demo/fused,               rtsp://[::1]:8554/demo/fused, demo|fused, -1",
    "rtsp://[fe80::1%25eth0]/demo/fused,         rtsp://[fe80::1%25eth0]/demo/fused, demo|fused, -1",
    "rtsps://h/demo/fused,                       rtsps://h/demo/fused,        demo|fused, -1",
    "rtsp://h/d%65mo/side%2Dby-side,             rtsp://h/d%65mo/side%2Dby-side, demo|side-by-side, -1",
    "rtsp://h,                                   rtsp://h,                    '',         -1",
    "rtsp://h/,                                  rtsp://h,                    '',         -1",
    "rtsp://h?x,                                 rtsp://h,                    '',         -1",
    "rtsp://h/demo,                              rtsp://h/demo,               demo,       -1"
  })
  void parse_asClientsWriteIt_isUnderstood(String url, String base, String path, int track) {
    RtspUrl parsed = RtspUrl.parse(url);
    assertEquals(base, parsed.base());
    assertEquals(path.isEmpty() ? List.of() : List.of(path.split("\\|", -1)), parsed.segments());
    assertEquals(track, parsed.track());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/demo/fused",
        "demo",
        "http://h/demo/fused",
        "rtsp:/demo/fused",
        "rtsp:///demo/fused",
        "rtsp://h\\x/demo/fused",
        "rtsp://h:port/demo/fused",
        "rtsp://h/../demo/fused",
        "rtsp://h/demo/../fused",
        "rtsp://h/demo/%2e%2e/fused",
        "rtsp://h/demo/.%2E",
        "rtsp://h/./fused",
        "rtsp://h/demo%2ffused",
        "rtsp://h/demo%5Cfused",
        "rtsp://h/demo/%00",
        "rtsp://h/demo/%0d%0aX",
        "rtsp://h/demo/%",
        "rtsp://h/demo/%4",
        "rtsp://h/demo/%zz"
      })
  void parse_malformedOrClimbing_isRefused(String url) {
    RtspException refused = assertThrows(RtspException.class, () -> RtspUrl.parse(url));
    assertEquals(400, refused.status().code);
  }
}

package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.nightfuse.rtsp.RtspTestClient.Response;
import dev.nightfuse.testing.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests in any order with any headers: always an answer, never 500, nothing left behind. */
@ExtendWith(NettyLeaks.class)
final class RequestFuzzTest {
  private static final List<String> METHODS =
      List.of(
          "OPTIONS",
          "DESCRIBE",
          "SETUP",
          "SETUP",
          "PLAY",
          "PLAY",
          "PAUSE",
          "TEARDOWN",
          "GET_PARAMETER",
          "SET_PARAMETER",
          "ANNOUNCE",
          "RECORD",
          "FLY");
  private static final List<String> URLS =
      List.of(
          "rtsp://h/demo/fused",
          "rtsp://h/demo/fused",
          "rtsp://h/demo/fused/trackID=0",
          "rtsp://h/demo/visible",
          "rtsp://h/demo/fused/trackID=9",
          "rtsp://h/x/../y",
          "*",
          "rtsp://",
          "rtsp://h/%",
          "rtsp://h/demo/fused?q/trackID=0",
          "x");
  private static final List<String> HEADERS =
      List.of(
          "Transport: RTP/AVP/TCP;unicast;interleaved=0-1",
          "Transport: RTP/AVP/TCP;unicast;interleaved=0-1",
          "Transport: RTP/AVP;unicast;client_port=45678-45679",
          "Transport: RTP/AVP;multicast",
          "Transport: ;;=,-",
          "Transport: RTP/AVP/TCP;interleaved=-",
          "Transport:",
          "Session: ",
          "Session: ;;",
          "Session: 00000000000000000000000000000000",
          "Accept: text/html",
          "Accept: ,;",
          "Require: x",
          "Range: npt=bogus",
          "Range: clock=20260101T000000Z-");

  @Test
  void requests_inAnyOrder_areAnswered() throws IOException {
    try (TestServer server = new TestServer()) {
      for (int seed = 0; seed < 60; seed++) {
        try (RtspTestClient client = server.connect()) {
          walk(server, client, new Random(seed), "seed " + seed);
          if (seed % 2 == 0) {
            client.abort();
          }
        }
      }
      Await.until("all gone", () -> server.server.stats().connections() == 0);
      assertEquals(0, server.fused.viewers());
      assertEquals(0, server.visible.viewers());
    }
  }

  private static void walk(TestServer server, RtspTestClient client, Random random, String seed)
      throws IOException {
    String session = "Session: none";
    for (int step = 0; step < 40; step++) {
      List<String> headers = new ArrayList<>();
      if (random.nextInt(4) > 0) {
        headers.add(session);
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        headers.add(pick(HEADERS, random));
      }
      String method = pick(METHODS, random);
      Response response =
          client.request(method, pick(URLS, random), headers.toArray(new String[0]));
      assertNotEquals(500, response.status(), seed + " step " + step + ": " + method + headers);
      if (response.has("Session")) {
        session = "Session: " + response.session();
      }
      if (random.nextInt(4) == 0) {
        server.fused.publish();
        server.visible.publish();
      }
      if (random.nextInt(8) == 0) {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        client.sendFrame(random.nextInt(3), noise);
      }
    }
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}

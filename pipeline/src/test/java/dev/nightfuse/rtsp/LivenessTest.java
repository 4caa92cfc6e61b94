package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.rtsp.RtspTestClient.Response;
import dev.nightfuse.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section G of the cases: who goes silent is let go, and nobody gets more than the limits. */
@ExtendWith(NettyLeaks.class)
final class LivenessTest {

  private static TestServer server() throws IOException {
    return new TestServer();
  }

  private static TestServer server(UnaryOperator<RtspLimits> limits) throws IOException {
    return new TestServer(limits, UnaryOperator.identity());
  }

  /** Waits until the server has looked at the clock at least once. */
  private static void housekeeping(TestServer server) {
    long before = server.server.stats().ticks();
    Await.until("housekeeping", () -> server.server.stats().ticks() >= before + 2);
  }

  @Test
  void connection_silent_isClosed() throws IOException {
    try (TestServer server = server();
        RtspTestClient client = server.connect()) {
      Await.until("connected", () -> server.server.stats().connections() == 1);
      server.clock.advance(Duration.ofSeconds(9));
      housekeeping(server);
      assertEquals(1, server.server.stats().connections());
      server.clock.advance(Duration.ofSeconds(2));
      assertTrue(client.closedByServer());
    }
  }

  @Test
  void connection_framesOnly_countAsSilence() throws IOException {
    try (TestServer server = server();
        RtspTestClient client = server.connect()) {
      Await.until("connected", () -> server.server.stats().connections() == 1);
      server.clock.advance(Duration.ofSeconds(9));
      client.sendFrame(1, new byte[10]);
      Await.until("frame seen", () -> server.server.stats().rtcpIgnored() == 1);
      server.clock.advance(Duration.ofSeconds(2));
      assertTrue(client.closedByServer());
    }
  }

  @Test
  void request_trickling_endsAtTheDeadlineForTheWhole() throws IOException {
    try (TestServer server = server();
        RtspTestClient client = server.connect()) {
      client.request("OPTIONS", "*");
      client.send("OPTIONS * RTSP/1.0\r\nX: ");
      housekeeping(server);
      server.clock.advance(Duration.ofSeconds(9));
      client.send("a");
      housekeeping(server);
      server.clock.advance(Duration.ofSeconds(2));
      assertEquals(408, client.readResponse().status());
      assertTrue(client.closedByServer());
    }
  }

  @Test
  void connection_idleWithoutSession_isClosedAfterTheSessionTimeout() throws IOException {
    try (TestServer server = server();
        RtspTestClient client = server.connect()) {
      client.request("OPTIONS", "*");
      server.clock.advance(Duration.ofSeconds(59));
      housekeeping(server);
      assertEquals(1, server.server.stats().connections());
      server.clock.advance(Duration.ofSeconds(2));
      assertTrue(client.closedByServer());
    }
  }

  @Test
  void session_silent_expires() throws IOException {
    try (TestServer server = server();
        RtspTestClient client = server.connect()) {
      server.play(client);
      server.clock.advance(Duration.ofSeconds(59));
      housekeeping(server);
      assertEquals(1, server.fused.viewers());
      server.clock.advance(Duration.ofSeconds(2));
      assertTrue(client.closedByServer());
      assertEquals(0, server.fused.viewers());
      Await.until("counted", () -> server.server.stats().sessionsExpired() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "receiver report"})
  void session_signOfLife_keepsIt(String sign) throws IOException {
    try (TestServer server = server();
        RtspTestClient client = server.connect()) {
      String session = server.play(client);
      for (int i = 1; i <= 4; i++) {
        server.clock.advance(Duration.ofSeconds(50));
        if (sign.equals("receiver report")) {
          client.sendFrame(1, PlayTest.receiverReport(TestServer.ORIGIN.ssrc(), 0, 0, 0));
          int count = i;
          Await.until("read", () -> server.server.stats().rtcpReceived() == count);
        } else {
          Response alive = client.request(sign, server.url(), "Session: " + session);
          assertEquals(200, alive.status());
        }
        housekeeping(server);
        assertEquals(1, server.fused.viewers());
      }
    }
  }

  @Test
  void session_invalidRtcp_doesNotKeepIt() throws IOException {
    try (TestServer server = server();
        RtspTestClient client = server.connect()) {
      server.play(client);
      server.clock.advance(Duration.ofSeconds(50));
      client.sendFrame(1, new byte[] {1, 2, 3});
      Await.until("ignored", () -> server.server.stats().rtcpIgnored() == 1);
      server.clock.advance(Duration.ofSeconds(11));
      assertTrue(client.closedByServer());
    }
  }

  @Test
  void connections_beyondTheLimit_get503() throws IOException {
    try (TestServer server = server(l -> limits(2, 64, 64));
        RtspTestClient first = server.connect();
        RtspTestClient second = server.connect();
        RtspTestClient third = server.connect()) {
      assertEquals(200, first.request("OPTIONS", "*").status());
      assertEquals(200, second.request("OPTIONS", "*").status());
      Response refused = third.request("OPTIONS", "*");
      assertEquals(503, refused.status());
      assertTrue(refused.has("Retry-After"));
      assertTrue(third.closedByServer());
      first.abort();
      third.abort();
      Await.until("room again", () -> server.server.stats().connections() == 1);
      try (RtspTestClient fourth = server.connect()) {
        assertEquals(200, fourth.request("OPTIONS", "*").status());
      }
    }
  }

  @Test
  void connections_farBeyondTheLimit_areClosedUnheard() throws IOException {
    List<RtspTestClient> clients = new ArrayList<>();
    try (TestServer server = server(l -> limits(1, 64, 64))) {
      for (int i = 0; i < 40; i++) {
        clients.add(server.connect());
      }
      assertTrue(clients.get(39).closedByServer());
      Await.until("bounded", () -> server.server.stats().connections() <= 17);
      assertEquals(200, clients.get(0).request("OPTIONS", "*").status());
    } finally {
      for (RtspTestClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void connections_perAddress_get503() throws IOException {
    try (TestServer server = server(l -> limits(64, 1, 64));
        RtspTestClient first = server.connect();
        RtspTestClient second = server.connect()) {
      assertEquals(200, first.request("OPTIONS", "*").status());
      assertEquals(503, second.request("OPTIONS", "*").status());
    }
  }

  @Test
  void readers_beyondTheLimitOfAStream_get453() throws IOException {
    try (TestServer server = server(l -> limits(64, 64, 1));
        RtspTestClient first = server.connect();
        RtspTestClient second = server.connect()) {
      server.play(first);
      String tcp = "Transport: RTP/AVP/TCP";
      assertEquals(453, second.request("SETUP", server.track(), tcp).status());
      assertEquals(200, second.request("SETUP", "rtsp://h/demo/visible/trackID=0", tcp).status());
    }
  }

  private static RtspLimits limits(int connections, int perAddress, int readers) {
    return new RtspLimits(connections, perAddress, readers, 2_048, 8_192, 64, 16_384);
  }

  @SuppressWarnings("try") // Closing twice is what is tested.
  @Test
  void close_whilePlaying_saysByeAndEndsInTime() throws IOException {
    try (TestServer server = server();
        RtspTestClient client = server.connect()) {
      server.play(client);
      server.fused.publish();
      RtpPackets.readPicture(client, 0);
      long startNs = System.nanoTime();
      server.close();
      assertTrue(System.nanoTime() - startNs < 5_000_000_000L);
      byte[] last = client.readFrame(1).payload();
      assertEquals(203, last[last.length - 7] & 0xff, "BYE");
      assertTrue(client.closedByServer());
      assertEquals(0, server.fused.viewers());
      server.close();
      server.fused.publish();
    }
  }

  @Test
  void restart_onTheSamePortUnderLoad_servesAgain() throws IOException {
    try (TestServer first = server()) {
      int port = first.server.port();
      try (RtspTestClient playing = first.connect()) {
        first.play(playing);
        RtspSettings settings = RtspSettings.defaults().listeningOn("127.0.0.1", port);
        first.server.close();
        for (int i = 0; i < 5; i++) {
          try (RtspServer again =
              new RtspServer(
                  settings,
                  () -> List.of(first.fused),
                  first.clock,
                  rig -> first.metrics,
                  new Gate(Passwords.NONE, FrameClock.system()),
                  null)) {
            again.start();
            try (RtspTestClient client = new RtspTestClient(port)) {
              first.play(client);
              first.fused.publish();
              RtpPackets.readPicture(client, 0);
            }
          }
        }
        assertTrue(playing.closedByServer());
      }
    }
  }

  @Test
  void start_onPortInUse_failsWithTheAddressAndLeavesNothing() throws IOException {
    try (TestServer server = server()) {
      RtspSettings d = RtspSettings.defaults();
      RtspSettings same =
          new RtspSettings(
              "127.0.0.1", server.server.port(), true, 0, 0, 1_452, 30, d.limits(), d.timeouts());
      RtspServer second =
          new RtspServer(
              same,
              List::of,
              server.clock,
              rig -> server.metrics,
              new Gate(Passwords.NONE, FrameClock.system()),
              null);
      IOException failed = assertThrows(IOException.class, second::start);
      assertTrue(failed.getMessage().contains("127.0.0.1:" + server.server.port()));
      second.close();
      assertFalse(
          Thread.getAllStackTraces().keySet().stream()
                  .filter(t -> t.getName().startsWith("rtsp"))
                  .filter(Thread::isAlive)
                  .count()
              > 1);
    }
  }
}

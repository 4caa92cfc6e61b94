package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.rtsp.RtspTestClient.Response;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.HandClock;
import dev.nightfuse.testing.LogLines;
import dev.nightfuse.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RTSP behind TLS, and clients that speak the other of the two. */
@ExtendWith(NettyLeaks.class)
final class TlsTest {

  @TempDir private Path folder;
  private final HandClock certificateClock = new HandClock();
  private final LogLines log = new LogLines(RtspContext.class.getName());
  private TestCertificate made;
  private SSLContext trusting;
  private ServerCertificate certificate;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    made = TestCertificate.make(folder, "first");
    trusting = TestCertificate.trusting(made);
    certificate = new ServerCertificate(made.certificate(), made.key(), certificateClock);
    server =
        new TestServer(
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            H264Sample.synthetic(60, 30, 3_000),
            true,
            Passwords.NONE,
            certificate);
  }

  @AfterEach
  void stop() {
    server.close();
    log.close();
  }

  private RtspTestClient connect(SSLContext tls) throws IOException {
    return new RtspTestClient(server.server.port(), 0, tls);
  }

  private void assertPlays(RtspTestClient client) throws IOException {
    server.fused.publish();
    assertTrue(!RtpPackets.readPicture(client, 0).isEmpty());
  }

  /** GStreamer writes rtsp:// in its requests whatever is below. */
  @ParameterizedTest
  @ValueSource(strings = {"rtsps", "rtsp"})
  void addresses_told_areThoseOfTls(String scheme) throws Exception {
    try (RtspTestClient client = connect(trusting)) {
      String url = server.url().replace("rtsps", scheme);
      Response described = client.request("DESCRIBE", url);
      assertEquals(server.url() + "/", described.header("Content-Base"));
      String session =
          client
              .request("SETUP", url + "/trackID=0", "Transport: RTP/AVP/TCP;interleaved=0-1")
              .session();
      Response playing = client.request("PLAY", url, "Session: " + session);
      assertEquals(server.track(), playing.rtpInfo("url"));
      assertPlays(client);
    }
  }

  @Test
  void setup_udp_isRefused_andTcpBehindItTaken() throws Exception {
    try (RtspTestClient client = connect(trusting)) {
      String udp = "RTP/AVP;unicast;client_port=40002-40003";
      assertEquals(461, client.request("SETUP", server.track(), "Transport: " + udp).status());
      Response both =
          client.request(
              "SETUP", server.track(), "Transport: " + udp + ",RTP/AVP/TCP;interleaved=0-1");
      assertEquals("0-1", both.transport("interleaved"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void version_ofTls_isSpoken(String version) throws Exception {
    try (RtspTestClient client = connect(trusting)) {
      client.onlyTls(version);
      server.play(client);
      assertPlays(client);
    }
  }

  @Test
  void certificate_renewed_isShownToNewConnections_andOldOnesGoOn() throws Exception {
    TestCertificate second = TestCertificate.make(folder, "second");
    try (RtspTestClient old = connect(trusting)) {
      server.play(old);
      assertEquals(made.x509(), old.serverCertificate());
      second.replace(made);
      certificateClock.advance(Duration.ofMinutes(1));
      certificate.tick();
      try (RtspTestClient young = connect(TestCertificate.trusting(second))) {
        server.play(young);
        assertEquals(second.x509(), young.serverCertificate());
        server.fused.publish();
        for (RtspTestClient each : List.of(old, young)) {
          assertTrue(!RtpPackets.readPicture(each, 0).isEmpty());
        }
      }
      assertEquals(200, old.request("OPTIONS", server.url()).status());
    }
  }

  @Test
  void clientWithoutTls_isToldAndClosed() throws Exception {
    for (String url : new String[] {server.url().replace("rtsps", "rtsp"), server.url(), "*"}) {
      try (RtspTestClient plain = server.connect()) {
        assertEquals(426, plain.request("OPTIONS", url).status());
        assertTrue(plain.closedByServer());
      }
    }
    assertEquals(1, log.count("RTSP without TLS refused"), log.all().toString());
    try (RtspTestClient plain = server.connect()) {
      plain.send("no request at all\r\n\r\n");
      assertEquals(400, plain.readResponse().status());
      assertTrue(plain.closedByServer());
    }
  }

  @Test
  void clientThatDoesNotTrustIt_isLogged() throws Exception {
    try (RtspTestClient stranger = connect(SSLContext.getDefault())) {
      assertThrows(SSLException.class, () -> stranger.request("OPTIONS", server.url()));
      Await.until("the line", () -> log.count("RTSP: TLS failed: ") == 1);
    }
    Await.until("it is gone", () -> server.server.stats().connections() == 0);
  }

  @Test
  void clientThatSpeaksTls_whereThereIsNone_isToldAndClosed() throws Exception {
    try (TestServer plain = new TestServer();
        RtspTestClient client = new RtspTestClient(plain.server.port(), 0, trusting)) {
      assertThrows(SSLException.class, () -> client.request("OPTIONS", plain.url()));
      Await.until("the line", () -> log.count("TLS on the RTSP port refused") == 1);
      Await.until("it is gone", () -> plain.server.stats().connections() == 0);
    }
  }

  @Test
  void lastAnswer_comesWhole_andThenTheEnd() throws Exception {
    try (RtspTestClient client = connect(trusting)) {
      client.send("GARBAGE\r\n\r\n");
      assertEquals(400, client.readResponse().status());
      assertTrue(client.closedByServer());
    }
  }
}

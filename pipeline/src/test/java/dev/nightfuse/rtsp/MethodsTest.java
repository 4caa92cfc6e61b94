package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.rtsp.RtspTestClient.Response;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.H264Sample;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections A to C and E of the cases through a real connection: methods, states, status codes. */
@ExtendWith(NettyLeaks.class)
final class MethodsTest {
  private static final String TCP = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1";
  private static final String PUBLIC =
      "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER";

  private TestServer server;
  private RtspTestClient client;

  @BeforeEach
  void connect() throws IOException {
    server = new TestServer();
    client = server.connect();
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void options_anyTarget_tellsMethods() throws IOException {
    for (String target : new String[] {"*", server.url(), "rtsp://h/nowhere"}) {
      Response response = client.request("OPTIONS", target);
      assertEquals(200, response.status());
      assertEquals(PUBLIC, response.header("Public"));
    }
  }

  /** Requests on a fresh connection without a session; status codes of RFC 2326 section 11. */
  @ParameterizedTest(name = "{0} {1} {2} gives {3}")
  @CsvSource({
    "DESCRIBE,      rtsp://h/demo/fused,          'Accept: application/sdp',       200",
    "DESCRIBE,      rtsp://h/demo/fused/,         'Accept: application/sdp',       200",
    "DESCRIBE,      rtsp://h/demo/fused?x=1,      'Accept: text/html, */*;q=0.1',  200",
    "DESCRIBE,      rtsp://u:p@h/demo/fused,      'Accept: application/*',         200",
    "DESCRIBE,      rtsp://[::1]:8554/demo/fused, 'X: no Accept takes anything',   200",
    "DESCRIBE,      rtsp://h/demo/fused,          'Accept: text/html',             406",
    "DESCRIBE,      rtsp://h/demo/overlay,        'Accept: application/sdp',       404",
    "DESCRIBE,      rtsp://h/demo/nonsense,       'Accept: application/sdp',       404",
    "DESCRIBE,      rtsp://h/other/fused,         'Accept: application/sdp',       404",
    "DESCRIBE,      rtsp://h/demo,                'Accept: application/sdp',       404",
    "DESCRIBE,      rtsp://h/demo/fused/more,     'Accept: application/sdp',       404",
    "DESCRIBE,      rtsp://h/,                    'Accept: application/sdp',       404",
    "DESCRIBE,      rtsp://h,                     'Accept: application/sdp',       404",
    "DESCRIBE,      rtsp://h/demo/../fused,       'Accept: application/sdp',       400",
    "DESCRIBE,      rtsp://h/demo/%2e%2e/x,       'Accept: application/sdp',       400",
    "DESCRIBE,      rtsp://h/demo%2ffused,        'Accept: application/sdp',       400",
    "DESCRIBE,      *,                            'Accept: application/sdp',       400",
    "DESCRIBE,      /demo/fused,                  'Accept: application/sdp',       400",
    "SETUP,         rtsp://h/demo/fused/trackID=0,'Transport: RTP/AVP/TCP',        200",
    "SETUP,         rtsp://h/demo/fused?a=b/trackID=0,'Transport: RTP/AVP/TCP',    200",
    "SETUP,         rtsp://h/demo/fused/trackID=0?a=b,'Transport: RTP/AVP/TCP',    200",
    "SETUP,         rtsp://h/demo/fused,          'Transport: RTP/AVP/TCP',        200",
    "SETUP,         rtsp://h/demo/fused/trackID=1,'Transport: RTP/AVP/TCP',        404",
    "SETUP,         rtsp://h/demo/x/trackID=0,    'Transport: RTP/AVP/TCP',        404",
    "SETUP,         rtsp://h/demo/fused/trackID=0,'X: no transport',               461",
    "SETUP,         rtsp://h/demo/fused/trackID=0,'Transport: RTP/AVP;multicast',  461",
    "SETUP,         rtsp://h/demo/fused/trackID=0,'Transport: RTP/SAVP;unicast;client_port=5000-5001', 461",
    "SETUP,         rtsp://h/demo/fused/trackID=0,'Transport: RTP/AVP/TCP;mode=record', 461",
    "SETUP,         rtsp://h/demo/fused/trackID=0,'Transport: RTP/AVP/TCP;interleaved=256-257', 400",
    "SETUP,         rtsp://h/demo/fused/trackID=0,'Session: 12345678',             454",
    "PLAY,          rtsp://h/demo/fused,          'X: no session',                 454",
    "PLAY,          rtsp://h/demo/fused,          'Session: 12345678',             454",
    "PAUSE,         rtsp://h/demo/fused,          'Session: 12345678',             454",
    "TEARDOWN,      rtsp://h/demo/fused,          'X: no session',                 454",
    "TEARDOWN,      rtsp://h/demo/fused,          'Session: 12345678',             454",
    "OPTIONS,       rtsp://h/demo/fused,          'Session: 12345678',             454",
    "GET_PARAMETER, rtsp://h/demo/fused,          'X: empty body',                 200",
    "SET_PARAMETER, rtsp://h/demo/fused,          'X: empty body',                 200",
    "ANNOUNCE,      rtsp://h/demo/fused,          'X: y',                          405",
    "RECORD,        rtsp://h/demo/fused,          'X: y',                          405",
    "REDIRECT,      rtsp://h/demo/fused,          'X: y',                          405",
    "FLY,           rtsp://h/demo/fused,          'X: y',                          501",
    "options,       rtsp://h/demo/fused,          'X: names of methods have case', 501",
    "OPTIONS,       *,                            'Require: x',                    551",
    "PLAY,          rtsp://h/demo/fused,          'Require: onvif-replay',         551"
  })
  void request_withoutSession_getsTheStatus(String method, String url, String header, int status)
      throws IOException {
    assertEquals(status, client.request(method, url, header).status());
  }

  @Test
  void refusals_nameWhatWouldBeRight() throws IOException {
    assertEquals(PUBLIC, client.request("RECORD", server.url()).header("Allow"));
    assertEquals(
        "a, b, c",
        client.request("OPTIONS", "*", "Require: a, b", "Proxy-Require: c").header("Unsupported"));
  }

  @ParameterizedTest
  @CsvSource({
    "'OPTIONS * RTSP/1.0\r\n\r\n',                        400",
    "'OPTIONS * RTSP/1.0\r\nCSeq: x\r\n\r\n',             400",
    "'OPTIONS * RTSP/2.0\r\nCSeq: 1\r\n\r\n',             505",
    "'GET / HTTP/1.1\r\nHost: h\r\n\r\n',                 400",
    "'X * RTSP/1.0\r\nContent-Length: 99999\r\n\r\n',     413",
    "'X * RTSP/1.0\r\nContent-Length: -1\r\n\r\n',        400"
  })
  void request_malformed_getsTheStatus(String text, int status) throws IOException {
    client.send(text);
    Response response = client.readResponse();
    assertEquals(status, response.status());
  }

  @Test
  void malformedFraming_isAnsweredThenClosed() throws IOException {
    client.send(
        "GET / HTTP/1.1\r\n\r\nOPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n" + "x".repeat(100_000));
    assertEquals(400, client.readResponse().status());
    assertTrue(client.closedByServer());
  }

  @Test
  void cseq_notIncreasing_isEchoed() throws IOException {
    for (String cseq : new String[] {"9", "3", "3"}) {
      client.send("OPTIONS * RTSP/1.0\r\nCSeq: " + cseq + "\r\n\r\n");
      assertEquals(cseq, client.readResponse().header("CSeq"));
    }
  }

  @Test
  void describe_tellsBaseWithoutCredentialsAndQuery() throws IOException {
    Response response = client.request("DESCRIBE", "rtsp://user:secret@h:99/demo/fused/?a=b");
    assertEquals("rtsp://h:99/demo/fused/", response.header("Content-Base"));
    assertEquals("application/sdp", response.header("Content-Type"));
    assertTrue(response.body().contains("sprop-parameter-sets=Z0LAH1Vm,aM48gQ=="));
    assertTrue(response.body().contains("a=control:trackID=0\r\n"));
  }

  @Test
  void describe_untilParameterSetsAreKnown_waitsAndKeepsTheOrder() throws IOException {
    CompletableFuture<StreamInfo> info = new CompletableFuture<>();
    server.fused.info(info);
    client.send(
        "DESCRIBE "
            + server.url()
            + " RTSP/1.0\r\nCSeq: 1\r\n\r\nOPTIONS * RTSP/1.0\r\nCSeq: 2\r\n\r\n");
    try (RtspTestClient other = server.connect()) {
      assertEquals(200, other.request("OPTIONS", "*").status(), "nobody else waits");
    }
    info.complete(H264Sample.synthetic(1, 1, 10).info());
    Response described = client.readResponse();
    assertEquals("1", described.header("CSeq"));
    assertEquals(200, described.status());
    assertEquals("2", client.readResponse().header("CSeq"));
  }

  @Test
  void describe_withoutPicture_is503WithRetryAfter() throws IOException {
    server.fused.info(CompletableFuture.failedFuture(new IOException("no picture")));
    Response response = client.request("DESCRIBE", server.url());
    assertEquals(503, response.status());
    assertEquals("2", response.header("Retry-After"));
  }

  @Test
  void describe_streamNeverAnswers_is503AfterTheLimit() throws IOException {
    try (TestServer impatient =
            new TestServer(
                UnaryOperator.identity(),
                t -> new RtspTimeouts(10_000, 10_000, 60_000, 10_000, 100));
        RtspTestClient waiting = impatient.connect()) {
      impatient.fused.info(new CompletableFuture<>());
      assertEquals(503, waiting.request("DESCRIBE", impatient.url()).status());
      assertEquals(200, waiting.request("OPTIONS", "*").status(), "the connection goes on");
    }
  }

  @Test
  void describe_tooManyRequestsMeanwhile_closes() throws IOException {
    server.fused.info(new CompletableFuture<>());
    client.send("DESCRIBE " + server.url() + " RTSP/1.0\r\nCSeq: 1\r\n\r\n");
    client.send("OPTIONS * RTSP/1.0\r\nCSeq: 2\r\n\r\n".repeat(50));
    assertTrue(client.closedByServer());
  }

  @Test
  void session_wholeLife_followsTheStates() throws IOException {
    Response setUp = client.request("SETUP", server.track(), TCP);
    String session = "Session: " + setUp.session();
    assertEquals(setUp.session() + ";timeout=60", setUp.header("Session"));
    assertTrue(setUp.session().length() >= 8);
    assertEquals(200, client.request("PAUSE", server.url(), session).status());
    assertEquals(200, client.request("PLAY", server.url(), session).status());
    assertEquals(200, client.request("PLAY", server.url(), session).status());
    assertEquals(200, client.request("PAUSE", server.url(), session).status());
    assertEquals(200, client.request("PAUSE", server.url(), session).status());
    assertEquals(200, client.request("PLAY", server.track(), session).status());
    assertEquals(200, client.request("TEARDOWN", server.url(), session).status());
    assertEquals(0, server.fused.viewers());
    assertEquals(454, client.request("PLAY", server.url(), session).status());
    assertEquals(454, client.request("TEARDOWN", server.url(), session).status());
    Response again = client.request("SETUP", server.track(), TCP);
    assertEquals(200, again.status());
    assertNotEquals(setUp.session(), again.session());
  }

  /** The requests of VLC, as its RTSP library live555 writes them. */
  @Test
  void session_asVlcAsksForIt_plays() throws IOException {
    String agent = "User-Agent: LibVLC/3.0.18 (LIVE555 Streaming Media v2016.11.28)";
    String url = server.url();
    assertEquals(200, client.request("OPTIONS", url, agent).status());
    Response described = client.request("DESCRIBE", url, agent, "Accept: application/sdp");
    assertEquals(url + '/', described.header("Content-Base"));
    String track = described.header("Content-Base") + "trackID=0";
    Response setUp =
        client.request("SETUP", track, agent, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1");
    assertEquals("0-1", setUp.transport("interleaved"));
    String session = "Session: " + setUp.session();
    Response played = client.request("PLAY", url + '/', agent, session, "Range: npt=0.000-");
    assertEquals(200, played.status());
    assertEquals(track, played.rtpInfo("url"));
    server.fused.publish();
    assertFalse(RtpPackets.readPicture(client, 0).isEmpty());
    assertEquals(200, client.request("GET_PARAMETER", url + '/', agent, session).status());
    assertEquals(200, client.request("TEARDOWN", url + '/', agent, session).status());
  }

  @Test
  void setup_twice_isRefusedInEveryWay() throws IOException {
    String session = "Session: " + client.request("SETUP", server.track(), TCP).session();
    // RFC 2326 section 10.4: changing the transport may be refused with 455,
    assertEquals(455, client.request("SETUP", server.track(), TCP, session).status());
    // a second session on the connection is not valid in this state either,
    assertEquals(455, client.request("SETUP", server.track(), TCP).status());
    // and not bundling another presentation is 459.
    String other = "rtsp://h/demo/visible/trackID=0";
    assertEquals(459, client.request("SETUP", other, TCP, session).status());
    assertEquals(455, client.request("SETUP", other, TCP).status());
    assertEquals(200, client.request("PLAY", server.url(), session).status());
    assertEquals(455, client.request("SETUP", server.track(), TCP, session).status());
  }

  @Test
  void session_onOtherPathOrConnection_isUnknown() throws IOException {
    String session = "Session: " + client.request("SETUP", server.track(), TCP).session();
    assertEquals(454, client.request("PLAY", "rtsp://h/demo/visible", session).status());
    try (RtspTestClient thief = server.connect()) {
      for (String method : new String[] {"PLAY", "PAUSE", "TEARDOWN", "SETUP", "GET_PARAMETER"}) {
        assertEquals(454, thief.request(method, server.url(), session, TCP).status());
      }
    }
    assertEquals(200, client.request("PLAY", server.url(), session).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET_PARAMETER", "SET_PARAMETER"})
  void parameters_unknownOnes_are451(String method) throws IOException {
    client.send(
        method
            + ' '
            + server.url()
            + " RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 10\r\n\r\npackets: 1");
    assertEquals(451, client.readResponse().status());
  }

  @Test
  void framesBetweenRequests_areNoObstacle() throws IOException {
    server.play(client);
    client.sendFrame(1, new byte[] {1, 2, 3});
    client.sendFrame(200, new byte[70]);
    client.sendFrame(0, new byte[0]);
    client.sendFrame(1, new byte[65_535]);
    assertEquals(200, client.request("OPTIONS", "*").status());
    Await.until("four frames ignored", () -> server.server.stats().rtcpIgnored() == 4);
    client.send("$\1");
    client.send("\0\4abcdOPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\n$\1\0\0");
    assertEquals("77", client.readResponse().header("CSeq"));
  }

  @Test
  void connection_closedWithoutTeardown_endsTheSession() throws IOException {
    server.play(client);
    assertEquals(1, server.fused.viewers());
    client.abort();
    Await.until("viewer gone", () -> server.fused.viewers() == 0);
    Await.until("connection gone", () -> server.server.stats().connections() == 0);
  }

  @Test
  void streamEnd_isToldByByeAndClose() throws IOException {
    server.play(client);
    server.fused.publish();
    RtpPackets.readPicture(client, 0);
    server.fused.end();
    byte[] last = client.readFrame(1).payload();
    assertFalse(last.length == 0);
    assertEquals(203, last[last.length - 7] & 0xff, "BYE");
    assertTrue(client.closedByServer());
  }
}

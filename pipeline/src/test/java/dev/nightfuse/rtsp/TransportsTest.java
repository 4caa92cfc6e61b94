package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.rtsp.RtspTestClient.Response;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.H264Sample;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section D of the cases: the ways of the packets. */
@ExtendWith(NettyLeaks.class)
final class TransportsTest {
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

  private Response setUp(String transport) throws IOException {
    return client.request("SETUP", server.track(), "Transport: " + transport);
  }

  @ParameterizedTest
  @CsvSource({
    "RTP/AVP/TCP;unicast;interleaved=0-1,                      0-1",
    "RTP/AVP/TCP;unicast,                                      0-1",
    "RTP/AVP/TCP;unicast;interleaved=200-201,                  200-201",
    "RTP/AVP/TCP;unicast;interleaved=7-3,                      7-3",
    "'RTP/SAVP;unicast;client_port=1-2,RTP/AVP/TCP;interleaved=4-5,RTP/AVP;client_port=1-2', 4-5"
  })
  void setup_interleaved_echoesChannels(String asked, String channels) throws IOException {
    Response response = setUp(asked);
    assertEquals(200, response.status());
    assertEquals(
        "RTP/AVP/TCP;unicast;interleaved=" + channels + ";ssrc=CAFEBABE;mode=\"PLAY\"",
        response.header("Transport"));
  }

  @Test
  void play_interleaved_usesTheChannelsAskedFor() throws IOException {
    String session = setUp("RTP/AVP/TCP;unicast;interleaved=40-51").session();
    client.request("PLAY", server.url(), "Session: " + session);
    server.fused.publish();
    assertEquals(51, client.readFrame().channel(), "sender report first");
    assertEquals(40, client.readFrame().channel());
  }

  @Test
  void setup_udp_tellsEvenServerPortAndSource() throws IOException {
    Response response = setUp("RTP/AVP;unicast;client_port=40001-40005");
    assertEquals(200, response.status());
    assertEquals("40001-40005", response.transport("client_port"));
    assertEquals("127.0.0.1", response.transport("source"));
    assertEquals("CAFEBABE", response.transport("ssrc"));
    String[] ports = response.transport("server_port").split("-", -1);
    assertEquals(0, Integer.parseInt(ports[0]) % 2);
    assertEquals(Integer.parseInt(ports[0]) + 1, Integer.parseInt(ports[1]));
  }

  @Test
  void setup_udpPortsInUseByAnotherSession_is461() throws IOException {
    setUp("RTP/AVP;unicast;client_port=40002-40003");
    try (RtspTestClient other = server.connect()) {
      String same = "Transport: RTP/AVP;unicast;client_port=40002-40003";
      assertEquals(461, other.request("SETUP", server.track(), same).status());
      assertEquals(
          200, other.request("SETUP", server.track(), same + ",RTP/AVP/TCP;unicast").status());
    }
  }

  @Test
  void setup_udpSwitchedOff_is461AndTcpGoesOn() throws IOException {
    try (TestServer tcpOnly =
            new TestServer(
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                H264Sample.synthetic(1, 1, 10),
                false);
        RtspTestClient asking = tcpOnly.connect()) {
      String udp = "Transport: RTP/AVP;unicast;client_port=40002-40003";
      assertEquals(461, asking.request("SETUP", tcpOnly.track(), udp).status());
      assertEquals(
          200, asking.request("SETUP", tcpOnly.track(), "Transport: RTP/AVP/TCP").status());
    }
  }

  @Test
  void udpPorts_fixedRange_isUsedInPairsAndExhausted() throws IOException {
    int base;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      base = free.getLocalPort() & ~1;
    }
    UdpPorts ports = new UdpPorts(base, base + 3);
    List<UdpPorts.Pair> pairs = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        pairs.add(ports.open(InetAddress.getLoopbackAddress()));
      }
    } catch (java.net.BindException expected) {
      assertTrue(expected.getMessage().startsWith("no free pair of UDP ports"));
    }
    assertTrue(pairs.size() <= 2);
    for (UdpPorts.Pair pair : pairs) {
      int rtp = ((InetSocketAddress) pair.rtp().getLocalAddress()).getPort();
      assertTrue(rtp == base || rtp == base + 2);
      assertEquals(rtp + 1, ((InetSocketAddress) pair.rtcp().getLocalAddress()).getPort());
      pair.rtp().close();
      pair.rtcp().close();
    }
  }

  @Test
  void play_udp_sendsPicturesReportsAndBye() throws IOException {
    try (DatagramSocket rtp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket rtcp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Response setUp =
          setUp("RTP/AVP;unicast;client_port=" + rtp.getLocalPort() + '-' + rtcp.getLocalPort());
      String session = "Session: " + setUp.session();
      Response play = client.request("PLAY", server.url(), session);
      AccessUnit unit = server.fused.publish();

      List<RtpPackets.Packet> packets = new ArrayList<>();
      do {
        packets.add(RtpPackets.Packet.parse(receive(rtp)));
      } while (!packets.get(packets.size() - 1).marker());
      assertEquals(play.rtpInfo("seq"), String.valueOf(packets.get(0).sequence()));
      byte[][] units = RtpPackets.nalUnits(packets).toArray(new byte[0][]);
      assertArrayEquals(unit.payload(), H264Sample.annexB(units));
      assertEquals(200, receive(rtcp)[1] & 0xff, "sender report");

      int serverRtcp = Integer.parseInt(setUp.transport("server_port").split("-", -1)[1]);
      byte[] report = PlayTest.receiverReport(0xCAFEBABE, 128, 9, 90);
      rtcp.send(
          new DatagramPacket(report, report.length, InetAddress.getLoopbackAddress(), serverRtcp));
      Await.until("report read", () -> server.server.stats().rtcpReceived() == 1);
      assertEquals(0.5, server.server.stats().readers().get(0).fractionLost());
      assertEquals("udp", server.server.stats().readers().get(0).transport());

      client.request("TEARDOWN", server.url(), session);
      byte[] last = receive(rtcp);
      assertEquals(203, last[last.length - 7] & 0xff, "BYE");
    }
  }

  @Test
  void play_udpClientVanishes_isDroppedOnUnreachablePort() throws IOException {
    int port;
    try (DatagramSocket rtp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = rtp.getLocalPort();
    }
    String session = setUp("RTP/AVP;unicast;client_port=" + port).session();
    client.request("PLAY", server.url(), "Session: " + session);
    Await.until(
        "dropped",
        () -> {
          server.fused.publish();
          server.clock.advance(Duration.ofMillis(100));
          return server.fused.viewers() == 0;
        });
    assertTrue(client.closedByServer());
  }

  @Test
  void play_oneOverUdpAndOneOverTcp_bothGetTheSamePicture() throws IOException {
    try (DatagramSocket rtp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        RtspTestClient other = server.connect()) {
      String session = setUp("RTP/AVP;unicast;client_port=" + rtp.getLocalPort()).session();
      client.request("PLAY", server.url(), "Session: " + session);
      server.play(other);
      server.fused.publish();
      List<RtpPackets.Packet> udp = new ArrayList<>();
      do {
        udp.add(RtpPackets.Packet.parse(receive(rtp)));
      } while (!udp.get(udp.size() - 1).marker());
      List<RtpPackets.Packet> tcp = RtpPackets.readPicture(other, 0);
      assertEquals(udp.size(), tcp.size());
      for (int i = 0; i < udp.size(); i++) {
        assertArrayEquals(udp.get(i).payload(), tcp.get(i).payload());
      }
    }
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(15_000);
    DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }
}

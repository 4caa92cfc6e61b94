package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.rtsp.RtspTestClient.Response;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.H264Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Section F of the cases through a real connection, under a clock moved by hand. */
@ExtendWith(NettyLeaks.class)
final class PlayTest {
  private static final String TCP = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1";
  private static final Duration FRAME = Duration.ofNanos(33_333_333);

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

  /** RTCP of a receiver that knows one source. */
  static byte[] receiverReport(int ssrc, int fraction, int lost, int jitter) {
    ByteBuffer out = ByteBuffer.allocate(32);
    out.putShort((short) 0x81c9).putShort((short) 7).putInt(1);
    out.putInt(ssrc).putInt((fraction << 24) | lost).putInt(0).putInt(jitter).putInt(0).putInt(0);
    return out.array();
  }

  private record SenderReport(long ntp, int rtp, int packets, int bytes) {
    static SenderReport parse(byte[] packet) {
      ByteBuffer in = ByteBuffer.wrap(packet);
      assertEquals(200, in.get(1) & 0xff);
      return new SenderReport(in.getLong(8), in.getInt(16), in.getInt(20), in.getInt(24));
    }
  }

  @Test
  void play_firstPacket_isTheOneAnnounced() throws IOException {
    String session = client.request("SETUP", server.track(), TCP).session();
    server.clock.advance(Duration.ofSeconds(3));
    Response play = client.request("PLAY", server.url(), "Session: " + session);
    assertEquals(server.track(), play.rtpInfo("url"));
    assertEquals("npt=now-", play.header("Range"));
    server.clock.advance(Duration.ofSeconds(1));
    AccessUnit unit = server.fused.publish();
    assertTrue(unit.keyFrame());
    List<RtpPackets.Packet> packets = RtpPackets.readPicture(client, 0);
    assertEquals(play.rtpInfo("seq"), String.valueOf(packets.get(0).sequence()));
    assertEquals(play.rtpInfo("rtptime"), Integer.toUnsignedString(packets.get(0).timestamp()));
    assertEquals(24, packets.get(0).type(), "parameter sets come in band first");
    byte[][] units = RtpPackets.nalUnits(packets).toArray(new byte[0][]);
    assertArrayEquals(unit.payload(), H264Sample.annexB(units));
  }

  @Test
  void play_sequenceAndTimestamp_wrapWithoutAGap() throws IOException {
    server.play(client);
    int sequence = TestServer.ORIGIN.sequence();
    long timestamp = Integer.toUnsignedLong(TestServer.ORIGIN.timestamp());
    assertTrue(timestamp > 0xffff_0000L, "starts just before the wrap");
    for (int i = 0; i < 40; i++) {
      server.fused.publish();
      for (RtpPackets.Packet packet : RtpPackets.readPicture(client, 0)) {
        assertEquals(sequence & 0xffff, packet.sequence());
        assertEquals(
            i * 3_000.0, (double) Integer.toUnsignedLong(packet.timestamp() - (int) timestamp), 1);
        sequence++;
      }
      server.clock.advance(FRAME);
    }
    assertTrue(sequence > 65_535);
  }

  @Test
  void play_wallClockSteps_doNotMoveRtpTime() throws IOException {
    server.play(client);
    server.fused.publish();
    int first = RtpPackets.readPicture(client, 0).get(0).timestamp();
    int expected = first;
    for (Duration step : List.of(Duration.ofHours(1), Duration.ofHours(-2), Duration.ofMillis(7))) {
      server.clock.advance(FRAME);
      server.clock.stepWall(step);
      expected += 3_000;
      server.fused.publish();
      int timestamp = RtpPackets.readPicture(client, 0).get(0).timestamp();
      assertTrue(Math.abs(timestamp - expected) <= 3, expected + " but " + timestamp);
    }
  }

  @Test
  void reports_comeBeforeTheFirstPictureThenEveryFiveToTenSeconds() throws IOException {
    server.play(client);
    server.fused.publish();
    RtspTestClient.Frame first = client.readFrame();
    assertEquals(1, first.channel(), "report before the first picture");
    SenderReport report = SenderReport.parse(first.payload());
    assertEquals(0, report.packets());
    List<RtpPackets.Packet> picture = RtpPackets.readPicture(client, 0);
    assertEquals(picture.get(0).timestamp(), report.rtp());
    assertEquals(RtcpWriter.ntp(server.clock.wallNowNs()), report.ntp());

    // Time passes in steps that the housekeeping sees; the next report tells its own moment.
    long startNs = server.clock.nowNs();
    Thread mover =
        new Thread(
            () -> {
              for (int i = 0; i < 100 && !Thread.currentThread().isInterrupted(); i++) {
                server.clock.advance(Duration.ofMillis(100));
                java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
              }
            });
    mover.start();
    SenderReport second = SenderReport.parse(client.readFrame(1).payload());
    mover.interrupt();
    join(mover);
    int elapsedTicks = second.rtp() - report.rtp();
    assertTrue(elapsedTicks >= 5 * 90_000, "not before 5 s: " + elapsedTicks);
    assertTrue(elapsedTicks <= 10 * 90_000, "not after 10 s: " + elapsedTicks);
    assertTrue(server.clock.nowNs() - startNs >= 5_000_000_000L);
    // NTP and RTP have advanced by the same time.
    double ntpSeconds = (second.ntp() - report.ntp()) / Math.pow(2, 32);
    assertEquals(elapsedTicks / 90_000.0, ntpSeconds, 0.101);
    assertEquals(picture.size(), second.packets());
    assertEquals(picture.stream().mapToInt(p -> p.payload().length).sum(), second.bytes());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void pauseAndPlay_restartsWithAnnouncedNumbersAndAKeyFrame() throws IOException {
    String session = "Session: " + server.play(client);
    server.fused.publish();
    List<RtpPackets.Packet> before = RtpPackets.readPicture(client, 0);
    client.request("PAUSE", server.url(), session);
    assertEquals(0, server.fused.viewers());
    for (int i = 0; i < 7; i++) {
      server.fused.publish();
      server.clock.advance(Duration.ofSeconds(1));
    }
    Response play = client.request("PLAY", server.url(), session);
    assertTrue(server.fused.publish().keyFrame());
    List<RtpPackets.Packet> after = RtpPackets.readPicture(client, 0);
    RtpPackets.Packet last = before.get(before.size() - 1);
    assertEquals((last.sequence() + 1) & 0xffff, after.get(0).sequence(), "no packet is missing");
    assertEquals(last.timestamp() + 3_000, after.get(0).timestamp(), "RTP time does not jump");
    assertEquals(play.rtpInfo("seq"), String.valueOf(after.get(0).sequence()));
    assertEquals(play.rtpInfo("rtptime"), Integer.toUnsignedString(after.get(0).timestamp()));
  }

  @Test
  void play_again_goesOnWithoutAnotherSubscription() throws IOException {
    String session = "Session: " + server.play(client);
    server.fused.publish();
    List<RtpPackets.Packet> first = RtpPackets.readPicture(client, 0);
    Response again = client.request("PLAY", server.url(), session);
    assertEquals(200, again.status());
    assertEquals(1, server.fused.viewers());
    server.fused.publish();
    RtpPackets.Packet next = RtpPackets.readPicture(client, 0).get(0);
    assertEquals(again.rtpInfo("seq"), String.valueOf(next.sequence()));
    assertEquals((first.get(first.size() - 1).sequence() + 1) & 0xffff, next.sequence());
  }

  @Test
  void receiverReport_isReadIntoTheStatistics() throws IOException {
    server.play(client);
    server.fused.publish();
    RtpPackets.readPicture(client, 0);
    client.sendFrame(1, receiverReport(TestServer.ORIGIN.ssrc(), 64, 12, 180));
    Await.until("report read", () -> server.server.stats().rtcpReceived() == 1);
    RtspStats stats = server.server.stats();
    RtspStats.Reader reader = stats.readers().get(0);
    assertEquals(0.25, reader.fractionLost());
    assertEquals(12, reader.packetsLost());
    assertEquals(2.0, reader.jitterMs());
    assertEquals(1, reader.units());
    assertEquals(1, stats.units());
    assertEquals(reader.packets(), stats.packets());
    assertTrue(reader.playing());
    assertEquals("tcp", reader.transport());
    assertEquals(1, server.metrics.processedCount());
  }

  @Test
  void lateJoiner_startsAtAKeyFrameAtOnceWithNumbersOfItsOwn() throws IOException {
    server.play(client);
    for (int i = 0; i < 10; i++) {
      server.fused.publish();
      RtpPackets.readPicture(client, 0);
    }
    try (RtspTestClient late = server.connect()) {
      server.play(late);
      AccessUnit unit = server.fused.publish();
      assertTrue(unit.keyFrame(), "asked for when it subscribed");
      byte[][] units = RtpPackets.nalUnits(RtpPackets.readPicture(late, 0)).toArray(new byte[0][]);
      assertArrayEquals(unit.payload(), H264Sample.annexB(units));
    }
  }
}

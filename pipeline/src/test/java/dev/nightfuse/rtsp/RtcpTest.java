package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section F of the cases: what we write and read of RFC 3550 section 6. */
@ExtendWith(NettyLeaks.class)
final class RtcpTest {
  private static final int SSRC = 0x11223344;

  @Test
  void senderReport_pairsWallNowWithRtpNow() {
    ByteBuf out =
        new RtcpWriter(SSRC, 1, "name")
            .senderReport(1_500_000_000L, 777, 5, 600, false, ByteBufAllocator.DEFAULT);
    assertEquals('$', out.readByte());
    assertEquals(1, out.readByte());
    assertEquals(out.readableBytes() - 2, out.readUnsignedShort());
    assertEquals(0x80, out.readUnsignedByte());
    assertEquals(200, out.readUnsignedByte());
    assertEquals(6, out.readUnsignedShort());
    assertEquals(SSRC, out.readInt());
    assertEquals(2_208_988_801L, out.readUnsignedInt(), "1970-01-01 00:00:01 in NTP seconds");
    assertEquals(0x80000000L, out.readUnsignedInt(), "half a second");
    assertEquals(777, out.readInt());
    assertEquals(5, out.readInt());
    assertEquals(600, out.readInt());
    assertEquals(0x81, out.readUnsignedByte());
    assertEquals(202, out.readUnsignedByte());
    assertEquals(out.readUnsignedShort() * 4, out.readableBytes());
    assertEquals(SSRC, out.readInt());
    assertEquals(1, out.readByte());
    assertEquals(4, out.readByte());
    assertEquals("name", out.readCharSequence(4, StandardCharsets.US_ASCII).toString());
    assertTrue(out.isReadable(), "at least one zero ends the items");
    out.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ab", "abc", "abcd", "abcdefghijklmnop"})
  void senderReport_anyName_isAlignedAndReadable(String cname) {
    for (boolean bye : new boolean[] {false, true}) {
      ByteBuf out =
          new RtcpWriter(SSRC, 1, cname)
              .senderReport(0, 0, 0, 0, bye, ByteBufAllocator.DEFAULT)
              .skipBytes(4);
      assertEquals(0, out.readableBytes() % 4);
      List<Integer> types = new ArrayList<>();
      for (int at = out.readerIndex(); at < out.writerIndex(); ) {
        types.add((int) out.getUnsignedByte(at + 1));
        at += 4 + 4 * out.getUnsignedShort(at + 2);
      }
      assertEquals(bye ? List.of(200, 202, 203) : List.of(200, 202), types);
      assertTrue(RtcpReader.read(out, 0, r -> {}));
      out.release();
    }
  }

  @Test
  void read_receiverReport_givesOurBlockOnly() {
    ByteBuf packet = Unpooled.buffer();
    packet.writeByte(0x82).writeByte(201).writeShort(13).writeInt(99);
    block(packet, 42, 0, 0, 0, 0, 0, 0);
    block(packet, SSRC, 64, -3, 0x0001fffe, 900, 0x01020304, 0x10000);
    List<ReceptionReport> reports = new ArrayList<>();
    assertTrue(RtcpReader.read(packet, SSRC, reports::add));
    assertEquals(
        List.of(new ReceptionReport(0.25, -3, 0x0001fffe, 900, 0x01020304, 0x10000)), reports);
  }

  @Test
  void read_reportsBehindASenderReport_areFound() {
    ByteBuf packet = Unpooled.buffer();
    packet.writeByte(0x81).writeByte(200).writeShort(12).writeInt(99).writeZero(20);
    block(packet, SSRC, 0, 7, 1, 2, 3, 4);
    List<ReceptionReport> reports = new ArrayList<>();
    assertTrue(RtcpReader.read(packet, SSRC, reports::add));
    assertEquals(7, reports.get(0).packetsLost());
  }

  @Test
  void roundTripMs_isNowMinusReportMinusDelay() {
    long wallNs = 1_790_000_000_000_000_000L;
    int sentAt = (int) (RtcpWriter.ntp(wallNs - 150_000_000) >>> 16);
    ReceptionReport report = new ReceptionReport(0, 0, 0, 0, sentAt, 65_536 / 10);
    assertEquals(50, report.roundTripMs(wallNs), 0.1);
    assertEquals(-1, new ReceptionReport(0, 0, 0, 0, 0, 0).roundTripMs(wallNs));
    assertEquals(0, report.roundTripMs(wallNs - 3_600_000_000_000L), "after a step of the clock");
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of("empty", new byte[0]),
        Arguments.of("too short", new byte[] {(byte) 0x80, (byte) 201, 0, 0}),
        Arguments.of("not whole words", new byte[] {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 0, 0}),
        Arguments.of(
            "length beyond the end", new byte[] {(byte) 0x80, (byte) 201, 0, 2, 0, 0, 0, 0}),
        Arguments.of(
            "length short of the end", new byte[] {(byte) 0x80, (byte) 201, 0, 0, 0, 0, 0, 0}),
        Arguments.of("version 1", new byte[] {0x40, (byte) 201, 0, 1, 0, 0, 0, 0}),
        Arguments.of("no report first", new byte[] {(byte) 0x80, (byte) 203, 0, 1, 0, 0, 0, 0}),
        Arguments.of("RTP", new byte[] {(byte) 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}),
        Arguments.of("too big", tooBig()));
  }

  private static byte[] tooBig() {
    byte[] bytes = new byte[1_504];
    bytes[0] = (byte) 0x80;
    bytes[1] = (byte) 201;
    bytes[2] = (byte) ((1_504 / 4 - 1) >> 8);
    bytes[3] = (byte) (1_504 / 4 - 1);
    return bytes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void read_invalid_isRefused(String name, byte[] bytes) {
    assertFalse(RtcpReader.read(Unpooled.wrappedBuffer(bytes), SSRC, r -> {}));
  }

  @Test
  void read_blockCountBeyondTheLength_staysInBounds() {
    byte[] lying = {(byte) 0x9f, (byte) 201, 0, 1, 0, 0, 0, 0};
    assertTrue(RtcpReader.read(Unpooled.wrappedBuffer(lying), SSRC, r -> {}));
  }

  @Test
  void read_noise_neverThrows() {
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(30) * 4];
      random.nextBytes(bytes);
      if (bytes.length >= 4) {
        bytes[0] = (byte) (0x80 | random.nextInt(32));
        bytes[1] = (byte) (200 + random.nextInt(2));
        bytes[2] = 0;
        bytes[3] = (byte) random.nextInt(30);
      }
      RtcpReader.read(Unpooled.wrappedBuffer(bytes), SSRC, r -> {});
    }
  }

  private static void block(
      ByteBuf out, int ssrc, int fraction, int lost, int highest, int jitter, int lsr, int dlsr) {
    out.writeInt(ssrc).writeByte(fraction).writeMedium(lost);
    out.writeInt(highest).writeInt(jitter).writeInt(lsr).writeInt(dlsr);
  }
}

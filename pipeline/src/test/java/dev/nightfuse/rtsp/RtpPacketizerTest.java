package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.H264Sample;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section F of the cases: RFC 6184 packets, taken apart again by code of their own. */
@ExtendWith(NettyLeaks.class)
final class RtpPacketizerTest {
  private static final int MAX_PACKET_BYTES = 1_452;
  private static final int MAX_PAYLOAD_BYTES = MAX_PACKET_BYTES - 12;

  private final RtpPacketizer packetizer =
      new RtpPacketizer(new RtpOrigin(0xCAFEBABE, 65_534, 0), 0, MAX_PACKET_BYTES);

  @Test
  void packetize_smallSlice_isOnePacketWithMarker() {
    byte[] slice = nal(0x41, 100, 1);
    List<RtpPackets.Packet> packets = packetize(H264Sample.annexB(slice), 77);
    assertEquals(1, packets.size());
    RtpPackets.Packet packet = packets.get(0);
    assertTrue(packet.marker());
    assertEquals(96, packet.payloadType());
    assertEquals(77, packet.timestamp());
    assertEquals(0xCAFEBABE, packet.ssrc());
    assertArrayEquals(slice, packet.payload());
  }

  @Test
  void packetize_keyFrame_putsParameterSetsIntoOneStapA() {
    byte[] sps = nal(0x67, 20, 1);
    byte[] pps = nal(0x68, 6, 2);
    byte[] sei = nal(0x06, 40, 3);
    byte[] idr = nal(0x65, 5_000, 4);
    List<RtpPackets.Packet> packets = packetize(H264Sample.annexB(sps, pps, sei, idr), 1);
    assertEquals(24, packets.get(0).type());
    assertEquals(0x60, packets.get(0).payload()[0] & 0xe0, "importance of the most important unit");
    assertTrue(packets.stream().skip(1).allMatch(p -> p.type() == 28));
    assertUnits(List.of(sps, pps, sei, idr), packets);
  }

  @Test
  void packetize_parameterSetsTooLargeTogether_standAlone() {
    byte[] sps = nal(0x67, 1_000, 1);
    byte[] pps = nal(0x68, 1_000, 2);
    List<RtpPackets.Packet> packets = packetize(H264Sample.annexB(sps, pps), 1);
    assertEquals(List.of(7, 8), packets.stream().map(RtpPackets.Packet::type).toList());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1,
        2,
        MAX_PAYLOAD_BYTES - 1,
        MAX_PAYLOAD_BYTES,
        MAX_PAYLOAD_BYTES + 1,
        2 * (MAX_PAYLOAD_BYTES - 2) + 1,
        2 * (MAX_PAYLOAD_BYTES - 2) + 2,
        200_000
      })
  void packetize_anySize_comesBackWhole(int sizeBytes) {
    byte[] slice = nal(0x65, sizeBytes, sizeBytes);
    List<RtpPackets.Packet> packets = packetize(H264Sample.annexB(slice), 9);
    assertUnits(List.of(slice), packets);
    for (int i = 0; i < packets.size(); i++) {
      RtpPackets.Packet packet = packets.get(i);
      assertTrue(packet.payload().length <= MAX_PAYLOAD_BYTES);
      assertEquals(i == packets.size() - 1, packet.marker());
      if (packet.type() == 28) {
        boolean both = (packet.payload()[1] & 0xc0) == 0xc0;
        assertFalse(both, "start and end in one fragment are forbidden (RFC 6184 section 5.8)");
      }
    }
  }

  @Test
  void packetize_severalSlices_marksOnlyTheLastPacket() {
    byte[] first = nal(0x65, 3_000, 1);
    byte[] second = nal(0x65, 10, 2);
    List<RtpPackets.Packet> packets = packetize(H264Sample.annexB(first, second), 5);
    assertUnits(List.of(first, second), packets);
    assertEquals(1, packets.stream().filter(RtpPackets.Packet::marker).count());
    assertTrue(packets.get(packets.size() - 1).marker());
  }

  @Test
  void packetize_sequence_wrapsAt65535() {
    List<RtpPackets.Packet> packets = packetize(H264Sample.annexB(nal(0x65, 7_000, 1)), 5);
    assertEquals(
        List.of(65_534, 65_535, 0, 1, 2),
        packets.stream().map(RtpPackets.Packet::sequence).toList());
    assertEquals(3, packetizer.nextSequence());
  }

  @Test
  void packetize_startCodesOfThreeBytesAndTrailingZeros_areNotPayload() {
    byte[] slice = nal(0x41, 9, 3);
    byte[] stream = new byte[3 + slice.length + 2 + 4 + slice.length + 3];
    stream[2] = 1;
    System.arraycopy(slice, 0, stream, 3, slice.length);
    stream[3 + slice.length + 2 + 3] = 1;
    System.arraycopy(slice, 0, stream, 3 + slice.length + 2 + 4, slice.length);
    assertUnits(List.of(slice, slice), packetize(stream, 1));
  }

  @Test
  void packetize_noStartCode_isNothing() {
    assertEquals(List.of(), packetize(new byte[] {1, 2, 3}, 1));
    assertEquals(List.of(), packetize(new byte[0], 1));
    assertEquals(List.of(), packetize(new byte[] {0, 0, 0, 1}, 1));
    assertEquals(65_534, packetizer.nextSequence());
  }

  @Test
  void packetize_randomPictures_comeBackWhole() {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      byte[][] units = new byte[1 + random.nextInt(20)][];
      for (int i = 0; i < units.length; i++) {
        units[i] =
            nal(random.nextInt(4) * 0x20 + 1 + random.nextInt(12), 1 + random.nextInt(4_000), i);
      }
      assertUnits(List.of(units), packetize(H264Sample.annexB(units), round));
    }
  }

  private List<RtpPackets.Packet> packetize(byte[] picture, int timestamp) {
    ByteBuf framed = packetizer.packetize(picture, timestamp, ByteBufAllocator.DEFAULT);
    List<RtpPackets.Packet> packets = RtpPackets.split(ByteBufUtil.getBytes(framed));
    framed.release();
    assertEquals(packetizer.packets(), packets.size());
    return packets;
  }

  private static void assertUnits(List<byte[]> expected, List<RtpPackets.Packet> packets) {
    List<byte[]> units = RtpPackets.nalUnits(packets);
    assertEquals(expected.size(), units.size());
    for (int i = 0; i < units.size(); i++) {
      assertArrayEquals(expected.get(i), units.get(i));
    }
  }

  private static byte[] nal(int header, int sizeBytes, int seed) {
    byte[] nal = new byte[sizeBytes];
    Random random = new Random(seed);
    for (int i = 0; i < sizeBytes; i++) {
      nal[i] = (byte) (1 + random.nextInt(255));
    }
    nal[0] = (byte) header;
    return nal;
  }
}

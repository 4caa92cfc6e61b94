package dev.nightfuse.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Compound RTCP packets of a sender: SR and SDES, at the end with BYE (RFC 3550 section 6), behind
 * a {@code $} header like {@link RtpPacketizer}'s.
 */
final class RtcpWriter {
  static final int SENDER_REPORT = 200;
  static final int RECEIVER_REPORT = 201;
  static final int SOURCE_DESCRIPTION = 202;
  static final int BYE = 203;

  private static final long NTP_EPOCH_S = 2_208_988_800L; // 1900 to 1970

  private final int ssrc;
  private final int channel;
  private final byte[] cname;

  RtcpWriter(int ssrc, int channel, String cname) {
    this.ssrc = ssrc;
    this.channel = channel;
    this.cname = cname.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param wallNowNs wall clock now
   * @param rtpNow RTP time of the same moment, not of the last picture
   * @param bye whether the stream ends here
   */
  ByteBuf senderReport(
      long wallNowNs,
      int rtpNow,
      long packets,
      long payloadBytes,
      boolean bye,
      ByteBufAllocator allocator) {
    ByteBuf out = allocator.ioBuffer(80 + cname.length);
    out.writeByte('$').writeByte(channel).writeShort(0);
    out.writeByte(0x80).writeByte(SENDER_REPORT).writeShort(6).writeInt(ssrc);
    out.writeLong(ntp(wallNowNs));
    out.writeInt(rtpNow).writeInt((int) packets).writeInt((int) payloadBytes);
    int itemBytes = 2 + cname.length;
    int chunkWords = (4 + itemBytes) / 4 + 1; // ends with one to four zeros
    out.writeByte(0x81).writeByte(SOURCE_DESCRIPTION).writeShort(chunkWords).writeInt(ssrc);
    out.writeByte(1).writeByte(cname.length).writeBytes(cname);
    out.writeZero(chunkWords * 4 - 4 - itemBytes);
    if (bye) {
      out.writeByte(0x81).writeByte(BYE).writeShort(1).writeInt(ssrc);
    }
    return out.setShort(2, out.readableBytes() - RtpPacketizer.FRAME_HEADER_BYTES);
  }

  /** 64-bit NTP time: seconds since 1900 and their fraction. */
  static long ntp(long wallNs) {
    long seconds = Math.floorDiv(wallNs, 1_000_000_000L);
    long fraction = (Math.floorMod(wallNs, 1_000_000_000L) << 32) / 1_000_000_000L;
    return ((seconds + NTP_EPOCH_S) << 32) | fraction;
  }
}

package dev.nightfuse.rtsp;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Reads compound RTCP packets of receivers (RFC 3550 section 6 and its checks in appendix A.2). */
final class RtcpReader {
  private static final int MAX_BYTES = 1_500;
  private static final int BLOCK_BYTES = 24;

  private RtcpReader() {}

  /**
   * Gives every report block about {@code ssrc} to {@code reports}.
   *
   * @return false where the bytes are no valid compound packet; then nothing was given
   */
  static boolean read(ByteBuf packet, int ssrc, Consumer<ReceptionReport> reports) {
    if (!valid(packet)) {
      return false;
    }
    int at = packet.readerIndex();
    while (at < packet.writerIndex()) {
      int count = packet.getByte(at) & 0x1f;
      int type = packet.getUnsignedByte(at + 1);
      int end = at + 4 + 4 * packet.getUnsignedShort(at + 2);
      if (type == RtcpWriter.SENDER_REPORT || type == RtcpWriter.RECEIVER_REPORT) {
        int block = at + (type == RtcpWriter.SENDER_REPORT ? 28 : 8);
        for (int i = 0; i < count && block + BLOCK_BYTES <= end; i++, block += BLOCK_BYTES) {
          if (packet.getInt(block) == ssrc) {
            reports.accept(block(packet, block));
          }
        }
      }
      at = end;
    }
    return true;
  }

  private static ReceptionReport block(ByteBuf packet, int at) {
    return new ReceptionReport(
        packet.getUnsignedByte(at + 4) / 256.0,
        packet.getMedium(at + 5),
        packet.getUnsignedInt(at + 8),
        packet.getUnsignedInt(at + 12),
        packet.getInt(at + 16),
        packet.getInt(at + 20));
  }

  /** First packet is a report, versions are 2, and the lengths add up to the whole. */
  private static boolean valid(ByteBuf packet) {
    int size = packet.readableBytes();
    if (size < 8 || size > MAX_BYTES || size % 4 != 0) {
      return false;
    }
    int start = packet.readerIndex();
    int firstType = packet.getUnsignedByte(start + 1);
    if (firstType != RtcpWriter.SENDER_REPORT && firstType != RtcpWriter.RECEIVER_REPORT) {
      return false;
    }
    int at = start;
    while (at + 4 <= packet.writerIndex()) {
      if ((packet.getByte(at) & 0xc0) != 0x80) {
        return false;
      }
      at += 4 + 4 * packet.getUnsignedShort(at + 2);
    }
    return at == packet.writerIndex();
  }
}

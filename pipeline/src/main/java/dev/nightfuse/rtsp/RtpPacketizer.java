package dev.nightfuse.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Turns one picture into RTP packets (RFC 6184, packetization-mode 1) in one buffer, each behind
 * its {@code $} header of four bytes (RFC 2326 section 10.12). A TCP client is sent the buffer as
 * it is; the UDP transport walks along the headers.
 *
 * <pre>
 *   $ | channel | size16 || V P X CC | M PT | seq16 | timestamp32 | ssrc32 || payload
 *   payload: one NAL unit, or STAP-A (parameter sets and SEI together), or FU-A (a part of one)
 * </pre>
 */
final class RtpPacketizer {
  static final int FRAME_HEADER_BYTES = 4;

  private static final int RTP_HEADER_BYTES = 12;
  private static final int STAP_A = 24;
  private static final int FU_A = 28;
  private static final int FU_HEADER_BYTES = 2;

  private final int ssrc;
  private final int channel;
  private final int maxPayloadBytes;
  private final NalUnits nals = new NalUnits();
  private int sequence;
  private int packets;

  /**
   * @param channel written into the {@code $} headers
   * @param maxPacketBytes RTP header and payload together
   */
  RtpPacketizer(RtpOrigin origin, int channel, int maxPacketBytes) {
    this.ssrc = origin.ssrc();
    this.sequence = origin.sequence() & 0xffff;
    this.channel = channel;
    this.maxPayloadBytes = maxPacketBytes - RTP_HEADER_BYTES;
  }

  /** Sequence number of the next packet. */
  int nextSequence() {
    return sequence;
  }

  /** Packets in the buffer returned last. */
  int packets() {
    return packets;
  }

  /** The picture as packets; the caller owns the buffer. Empty if it holds no NAL unit. */
  ByteBuf packetize(byte[] picture, int timestamp, ByteBufAllocator allocator) {
    int count = nals.scan(picture);
    packets = 0;
    int overheadBytes = FRAME_HEADER_BYTES + RTP_HEADER_BYTES + FU_HEADER_BYTES;
    int atMostPackets = count + picture.length / (maxPayloadBytes - FU_HEADER_BYTES);
    ByteBuf out = allocator.ioBuffer(picture.length + atMostPackets * overheadBytes);
    int lastPacket = 0;
    int index = 0;
    while (index < count) {
      lastPacket = out.writerIndex();
      int together = together(picture, index, count);
      int start = nals.start(index);
      int sizeBytes = nals.end(index) - start;
      if (together > 1) {
        aggregate(out, picture, index, together, timestamp);
      } else if (sizeBytes <= maxPayloadBytes) {
        header(out, sizeBytes, timestamp);
        out.writeBytes(picture, start, sizeBytes);
      } else {
        lastPacket = fragment(out, picture, start, sizeBytes, timestamp);
      }
      index += together;
    }
    if (count > 0) {
      int markerAt = lastPacket + FRAME_HEADER_BYTES + 1;
      out.setByte(markerAt, out.getByte(markerAt) | 0x80);
    }
    return out;
  }

  /** How many units from {@code index} on share a packet: parameter sets, SEI and delimiters do. */
  private int together(byte[] picture, int index, int count) {
    int sizeBytes = 1;
    int last = index;
    while (last < count) {
      int type = picture[nals.start(last)] & 0x1f;
      sizeBytes += 2 + nals.end(last) - nals.start(last);
      if (type < 6 || type > 9 || sizeBytes > maxPayloadBytes) {
        break;
      }
      last++;
    }
    return Math.max(1, last - index);
  }

  /** STAP-A, RFC 6184 section 5.7.1. */
  private void aggregate(ByteBuf out, byte[] picture, int index, int count, int timestamp) {
    int importance = 0;
    int sizeBytes = 1;
    for (int i = index; i < index + count; i++) {
      importance = Math.max(importance, picture[nals.start(i)] & 0x60);
      sizeBytes += 2 + nals.end(i) - nals.start(i);
    }
    header(out, sizeBytes, timestamp);
    out.writeByte(importance | STAP_A);
    for (int i = index; i < index + count; i++) {
      int unitBytes = nals.end(i) - nals.start(i);
      out.writeShort(unitBytes);
      out.writeBytes(picture, nals.start(i), unitBytes);
    }
  }

  /** FU-A, RFC 6184 section 5.8; returns where the last packet begins. */
  private int fragment(ByteBuf out, byte[] picture, int start, int sizeBytes, int timestamp) {
    int indicator = (picture[start] & 0xe0) | FU_A;
    int type = picture[start] & 0x1f;
    int partBytes = maxPayloadBytes - FU_HEADER_BYTES;
    int end = start + sizeBytes;
    int packetAt = out.writerIndex();
    for (int at = start + 1; at < end; at += partBytes) {
      int bytes = Math.min(partBytes, end - at);
      int flags = (at == start + 1 ? 0x80 : 0) | (at + bytes == end ? 0x40 : 0);
      packetAt = out.writerIndex();
      header(out, FU_HEADER_BYTES + bytes, timestamp);
      out.writeByte(indicator);
      out.writeByte(flags | type);
      out.writeBytes(picture, at, bytes);
    }
    return packetAt;
  }

  private void header(ByteBuf out, int payloadBytes, int timestamp) {
    out.writeByte('$');
    out.writeByte(channel);
    out.writeShort(RTP_HEADER_BYTES + payloadBytes);
    out.writeByte(0x80);
    out.writeByte(SdpWriter.PAYLOAD_TYPE);
    out.writeShort(sequence);
    out.writeInt(timestamp);
    out.writeInt(ssrc);
    sequence = (sequence + 1) & 0xffff;
    packets++;
  }
}

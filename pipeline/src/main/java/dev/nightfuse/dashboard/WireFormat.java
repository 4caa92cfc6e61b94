package dev.nightfuse.dashboard;

import io.vertx.core.buffer.Buffer;

/**
 * Binary messages of a video socket: a fixed header, then MP4 bytes. Big-endian.
 *
 * <pre>
 *   0  u8   kind: 1 initialisation segment, 2 one picture (moof + mdat)
 *   1  u8   flags: bit 0 set when decoding can start at this picture
 *   2  u16  header size in bytes, 32: readers skip what they do not know
 *   4  u32  sequence number of the access unit, low 32 bits; a jump shows what this viewer lost
 *   8  f64  capture time, milliseconds since 1970-01-01 UTC
 *   16 f64  position on the media timeline, milliseconds
 *   24 f64  time of sending, milliseconds since 1970-01-01 UTC
 * </pre>
 */
final class WireFormat {

  static final int HEADER_BYTES = 32;
  static final byte KIND_INIT = 1;
  static final byte KIND_PICTURE = 2;

  private WireFormat() {}

  static Buffer init(byte[] segment) {
    return Buffer.buffer(HEADER_BYTES + segment.length)
        .appendByte(KIND_INIT)
        .appendByte((byte) 0)
        .appendUnsignedShort(HEADER_BYTES)
        .appendUnsignedInt(0)
        .appendDouble(0)
        .appendDouble(0)
        .appendDouble(0)
        .appendBytes(segment);
  }

  static Buffer picture(
      byte[] fragment,
      boolean keyFrame,
      long sequence,
      double captureWallMs,
      double mediaMs,
      double sentWallMs) {
    return Buffer.buffer(HEADER_BYTES + fragment.length)
        .appendByte(KIND_PICTURE)
        .appendByte((byte) (keyFrame ? 1 : 0))
        .appendUnsignedShort(HEADER_BYTES)
        .appendUnsignedInt(sequence & 0xffff_ffffL)
        .appendDouble(captureWallMs)
        .appendDouble(mediaMs)
        .appendDouble(sentWallMs)
        .appendBytes(fragment);
  }
}

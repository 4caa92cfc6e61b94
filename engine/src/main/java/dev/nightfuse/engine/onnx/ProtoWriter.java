package dev.nightfuse.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One protobuf message under construction, as a list of pieces. Small fields are gathered; large
 * byte fields and embedded messages are kept by reference, so weights are never copied.
 *
 * <p>Wire format: a field is {@code varint(number << 3 | type)} and its value; type 0 is a varint,
 * 2 is a varint length and that many bytes, 5 is four bytes little-endian.
 */
final class ProtoWriter {

  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final List<ByteBuffer> pieces = new ArrayList<>();
  private byte[] small = new byte[64];
  private int smallSize;
  private long sizeBytes;

  ProtoWriter number(int field, long value) {
    varint(tag(field, VARINT));
    varint(value);
    return this;
  }

  ProtoWriter real(int field, float value) {
    varint(tag(field, FIXED32));
    int bits = Float.floatToRawIntBits(value);
    for (int i = 0; i < 4; i++) {
      octet(bits >>> (8 * i));
    }
    return this;
  }

  ProtoWriter text(int field, String value) {
    return bytes(field, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** The buffer is kept, not copied: it must not change until the message is written. */
  ProtoWriter bytes(int field, ByteBuffer value) {
    varint(tag(field, BYTES));
    varint(value.remaining());
    piece(value.slice());
    return this;
  }

  ProtoWriter message(int field, ProtoWriter value) {
    value.flush();
    varint(tag(field, BYTES));
    varint(value.sizeBytes);
    flush();
    pieces.addAll(value.pieces);
    sizeBytes += value.sizeBytes;
    return this;
  }

  long sizeBytes() {
    flush();
    return sizeBytes;
  }

  void writeTo(WritableByteChannel channel) throws IOException {
    flush();
    for (ByteBuffer piece : pieces) {
      ByteBuffer rest = piece.duplicate();
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
  }

  private void piece(ByteBuffer value) {
    flush();
    pieces.add(value);
    sizeBytes += value.remaining();
  }

  private void flush() {
    if (smallSize > 0) {
      pieces.add(ByteBuffer.wrap(small, 0, smallSize).slice());
      sizeBytes += smallSize;
      small = new byte[64];
      smallSize = 0;
    }
  }

  private static long tag(int field, int type) {
    return ((long) field << 3) | type;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      octet((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    octet((int) rest);
  }

  private void octet(int value) {
    if (smallSize == small.length) {
      flush();
    }
    small[smallSize++] = (byte) value;
  }
}

package dev.nightfuse.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One protobuf message under construction, as a list of pieces. Small fields are gathered; large
 * byte fields are asked for when they are written, so weights are never held.
 *
 * <p>Wire format: a field is {@code varint(number << 3 | type)} and its value; type 0 is a varint,
 * 1 is eight bytes little-endian, 2 is a varint length and that many bytes, 5 is four bytes.
 */
public final class ProtoWriter {

  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int FIXED64 = 1;
  private static final int FIXED32 = 5;

  private record Piece(long sizeBytes, Supplier<ByteBuffer> bytes) {}

  private final List<Piece> pieces = new ArrayList<>();
  private byte[] small = new byte[64];
  private int smallSize;
  private long sizeBytes;

  public ProtoWriter number(int field, long value) {
    varint(tag(field, VARINT));
    varint(value);
    return this;
  }

  public ProtoWriter real(int field, float value) {
    varint(tag(field, FIXED32));
    int bits = Float.floatToRawIntBits(value);
    for (int i = 0; i < 4; i++) {
      octet(bits >>> (8 * i));
    }
    return this;
  }

  /** A double. */
  public ProtoWriter precise(int field, double value) {
    varint(tag(field, FIXED64));
    long bits = Double.doubleToRawLongBits(value);
    for (int i = 0; i < 8; i++) {
      octet((int) (bits >>> (8 * i)));
    }
    return this;
  }

  public ProtoWriter text(int field, String value) {
    return bytes(field, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** The buffer is kept, not copied: it must not change until the message is written. */
  public ProtoWriter bytes(int field, ByteBuffer value) {
    ByteBuffer kept = value.slice();
    return bytes(field, kept.remaining(), () -> kept);
  }

  /** The value is asked for when the message is written. */
  public ProtoWriter bytes(int field, long valueBytes, Supplier<ByteBuffer> value) {
    varint(tag(field, BYTES));
    varint(valueBytes);
    flush();
    pieces.add(new Piece(valueBytes, value));
    sizeBytes += valueBytes;
    return this;
  }

  public ProtoWriter message(int field, ProtoWriter value) {
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

  public void writeTo(WritableByteChannel channel) throws IOException {
    flush();
    for (Piece piece : pieces) {
      ByteBuffer rest = piece.bytes.get().duplicate();
      if (rest.remaining() != piece.sizeBytes) {
        throw new IllegalStateException(
            "%d bytes announced, %d given".formatted(piece.sizeBytes, rest.remaining()));
      }
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
  }

  private void flush() {
    if (smallSize > 0) {
      ByteBuffer gathered = ByteBuffer.wrap(small, 0, smallSize).slice();
      pieces.add(new Piece(smallSize, () -> gathered));
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

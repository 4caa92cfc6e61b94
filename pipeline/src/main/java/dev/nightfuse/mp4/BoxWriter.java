package dev.nightfuse.mp4;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes nested ISO boxes into one buffer that is kept between uses. A box is opened, filled and
 * closed; closing fills in its size. Not thread-safe.
 */
final class BoxWriter {

  private static final int DEEPEST = 12;

  private byte[] bytes = new byte[1024];
  private int size;
  private final int[] open = new int[DEEPEST];
  private int depth;

  /** Forgets the content and keeps the memory. */
  BoxWriter reset() {
    size = 0;
    depth = 0;
    return this;
  }

  BoxWriter box(String type) {
    open[depth++] = size;
    return u32(0).ascii(type);
  }

  /** A box with version and flags, ISO/IEC 14496-12 section 4.2. */
  BoxWriter fullBox(String type, int version, int flags) {
    return box(type).u32(((long) version << 24) | flags);
  }

  BoxWriter end() {
    int start = open[--depth];
    patchU32(start, size - start);
    return this;
  }

  BoxWriter u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  BoxWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  BoxWriter u32(long value) {
    room(4);
    putU32(size, value);
    size += 4;
    return this;
  }

  BoxWriter u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  BoxWriter zeros(int count) {
    room(count);
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
    return this;
  }

  BoxWriter ascii(String text) {
    return put(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
  }

  BoxWriter put(byte[] source, int offset, int length) {
    room(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
    return this;
  }

  BoxWriter put(byte[] source) {
    return put(source, 0, source.length);
  }

  int size() {
    return size;
  }

  void patchU32(int position, long value) {
    putU32(position, value);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void putU32(int at, long value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  private void room(int count) {
    if (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + count, bytes.length * 2));
    }
  }
}

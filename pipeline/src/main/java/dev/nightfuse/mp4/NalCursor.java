package dev.nightfuse.mp4;

/**
 * Steps through the NAL units of an Annex B byte stream (ITU-T H.264 Annex B) without copying.
 *
 * <pre>
 *   NalCursor nal = new NalCursor(payload);
 *   while (nal.next()) { use(payload, nal.offset(), nal.length()); }
 * </pre>
 */
final class NalCursor {

  static final int SLICE_IDR = 5;
  static final int SPS = 7;
  static final int PPS = 8;
  static final int ACCESS_UNIT_DELIMITER = 9;

  private final byte[] stream;
  private int offset;
  private int length;
  private int nextStart;

  NalCursor(byte[] stream) {
    this.stream = stream;
    this.nextStart = afterStartCode(0);
  }

  /** Moves to the next unit that is not empty; false at the end. */
  boolean next() {
    while (nextStart <= stream.length) {
      offset = nextStart;
      int following = afterStartCode(offset);
      int end = following > stream.length ? stream.length : following - 3;
      nextStart = following;
      // The fourth zero of a long start code and trailing_zero_8bits belong to no unit.
      while (end > offset && stream[end - 1] == 0) {
        end--;
      }
      length = end - offset;
      if (length > 0) {
        return true;
      }
    }
    return false;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  /** {@code nal_unit_type}, H.264 table 7-1. */
  int type() {
    return stream[offset] & 0x1f;
  }

  /** Position after the next 00 00 01 at or after {@code from}, or past the end when none. */
  private int afterStartCode(int from) {
    // Reads stream[i] with from <= i < length and, where that is 1, the two before it, so i - 2 >=
    // from >= 0. Steps of three are safe because a byte above 1 cannot be part of a start code that
    // ends at or before the third byte after it.
    int i = from + 2;
    while (i < stream.length) {
      int b = stream[i];
      if (b == 1 && stream[i - 1] == 0 && stream[i - 2] == 0) {
        return i + 1;
      }
      i += (b & 0xfe) != 0 ? 3 : 1;
    }
    return stream.length + 1;
  }
}

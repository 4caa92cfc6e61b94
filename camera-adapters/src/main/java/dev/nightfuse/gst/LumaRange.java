package dev.nightfuse.gst;

import java.nio.ByteBuffer;

/** Changes the range of 8-bit luma while it is copied: limited is 16 to 235, full is 0 to 255. */
final class LumaRange {

  private static final int BLACK = 16;
  private static final int WHITE = 235;

  private final byte[] table = new byte[256];

  private LumaRange() {}

  /** From limited to full range; what is outside the limits is clipped. */
  static LumaRange widening() {
    LumaRange range = new LumaRange();
    for (int luma = 0; luma < range.table.length; luma++) {
      int within = Math.max(BLACK, Math.min(WHITE, luma)) - BLACK;
      range.table[luma] = (byte) Math.round(within * 255f / (WHITE - BLACK));
    }
    return range;
  }

  /** From full to limited range. */
  static LumaRange narrowing() {
    LumaRange range = new LumaRange();
    for (int luma = 0; luma < range.table.length; luma++) {
      range.table[luma] = (byte) Math.round(BLACK + luma * (WHITE - BLACK) / 255f);
    }
    return range;
  }

  /**
   * Copies one row. Eight samples are read and written at a time; both buffers check the bounds of
   * every access, and the table has an entry for every byte.
   */
  void copyRow(ByteBuffer from, int fromAt, ByteBuffer into, int intoAt, int samples) {
    int x = 0;
    for (; x + Long.BYTES <= samples; x += Long.BYTES) {
      long in = from.getLong(fromAt + x);
      long out = 0;
      // Byte i of the word stays byte i, so the order of bytes does not matter.
      for (int bit = 0; bit < Long.SIZE; bit += Byte.SIZE) {
        out |= (table[(int) (in >>> bit) & 0xff] & 0xffL) << bit;
      }
      into.putLong(intoAt + x, out);
    }
    for (; x < samples; x++) {
      into.put(intoAt + x, table[from.get(fromAt + x) & 0xff]);
    }
  }
}

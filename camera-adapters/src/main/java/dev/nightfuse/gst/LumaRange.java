package dev.nightfuse.gst;

import java.nio.ByteBuffer;

/** Widens 8-bit luma from limited range (16 to 235) to full range (0 to 255) while it is copied. */
final class LumaRange {

  private static final int BLACK = 16;
  private static final int WHITE = 235;

  private final byte[] table = new byte[256];

  LumaRange() {
    for (int luma = 0; luma < table.length; luma++) {
      int within = Math.max(BLACK, Math.min(WHITE, luma)) - BLACK;
      table[luma] = (byte) Math.round(within * 255f / (WHITE - BLACK));
    }
  }

  /**
   * Copies and widens one row. Eight samples are read and written at a time; both buffers check the
   * bounds of every access, and the table has an entry for every byte.
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

package dev.nightfuse.gst;

import java.nio.ByteBuffer;

/**
 * Changes the range of 8-bit samples while they are copied, by a table. Limited range is 16 to 235
 * for luma and 16 to 240 for chroma; full range is 0 to 255.
 */
final class SampleTable {

  private static final int BLACK = 16;
  private static final int NEUTRAL = 128;
  private static final float LUMA_STEPS = 219f;
  private static final float CHROMA_STEPS = 224f;
  private static final float FULL_STEPS = 255f;

  private final byte[] table = new byte[256];

  private SampleTable(int limitedZero, int fullZero, float slope, boolean widens) {
    for (int in = 0; in < table.length; in++) {
      float out =
          widens ? fullZero + (in - limitedZero) * slope : limitedZero + (in - fullZero) * slope;
      table[in] = (byte) Math.max(0, Math.min(255, Math.round(out)));
    }
  }

  /** Limited to full range; what is outside the limits is clipped. */
  static SampleTable widenLuma() {
    return new SampleTable(BLACK, 0, FULL_STEPS / LUMA_STEPS, true);
  }

  /** Full to limited range. */
  static SampleTable narrowLuma() {
    return new SampleTable(BLACK, 0, LUMA_STEPS / FULL_STEPS, false);
  }

  /** Full to limited range, around the neutral value. */
  static SampleTable narrowChroma() {
    return new SampleTable(NEUTRAL, NEUTRAL, CHROMA_STEPS / FULL_STEPS, false);
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

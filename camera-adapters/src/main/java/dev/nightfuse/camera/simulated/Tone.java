package dev.nightfuse.camera.simulated;

/**
 * The visible camera's response: scene light to 8-bit luma (BT.601 limited range) with the usual
 * gamma, a short toe that lets the deepest shadows go, and a shoulder before white.
 */
final class Tone {

  static final int WHITE_LEVEL = 4096;

  /** Index mask of the table: a level and as much glare again still hit it. */
  static final int MASK = 2 * (Canvas.MAX_LEVEL + 1) - 1;

  private static final byte[] LUMA = new byte[MASK + 1];

  static {
    for (int level = 0; level < LUMA.length; level++) {
      double x = level / (double) WHITE_LEVEL;
      double shoulder = x / (1 + 0.22 * x) * 1.16;
      double y = Math.pow(shoulder, 1 / 2.2) - 0.02;
      LUMA[level] = (byte) Math.round(16 + 219 * Math.max(0, Math.min(1, y)));
    }
  }

  private Tone() {}

  static int luma(int level) {
    return LUMA[Math.max(0, Math.min(MASK, level))] & 0xFF;
  }

  static byte[] table() {
    return LUMA.clone();
  }
}

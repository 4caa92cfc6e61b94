package dev.nightfuse.engine.quality;

import java.util.Locale;

/**
 * Fusions in one line of code. They lead several metrics, so no table means anything without them.
 */
public enum TrivialFusion {
  MAX,
  AVERAGE;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public GrayImage fuse(GrayImage a, GrayImage b) {
    a.requireSizeOf(b);
    byte[] levels = new byte[a.pixels()];
    for (int i = 0; i < levels.length; i++) {
      int va = a.level(i);
      int vb = b.level(i);
      levels[i] = (byte) (this == MAX ? Math.max(va, vb) : (va + vb + 1) >> 1);
    }
    return new GrayImage(a.widthPx(), a.heightPx(), levels);
  }
}

package dev.nightfuse.camera.simulated;

/** A square, repeating grain for the road: 128 is average. Coarser copies serve the distance. */
final class Texture {

  static final int SIDE = 256;
  private static final int LODS = 4;

  private final byte[][] lods = new byte[LODS][];

  Texture(long seed) {
    float[] grain = new float[SIDE * SIDE];
    for (int i = 0; i < grain.length; i++) {
      long h = Hash.of(seed, 40, i);
      // Asphalt: fine gravel and a few bright chips.
      grain[i] =
          22 * (Hash.unit(h, 0) + Hash.unit(h, 1) + Hash.unit(h, 2) - 1.5f)
              + (Hash.unit(h, 3) > 0.985f ? 55 : 0);
    }
    addPatches(grain, seed, 32, 10);
    addPatches(grain, seed + 1, 8, 7);
    for (int lod = 0; lod < LODS; lod++) {
      lods[lod] = quantised(grain);
      grain = blurred(grain);
    }
  }

  byte[] lod(int lod) {
    return lods[Math.min(lod, LODS - 1)];
  }

  /** Smooth stains of {@code cell} texels, by interpolated value noise that repeats at the side. */
  private static void addPatches(float[] grain, long seed, int cell, float gain) {
    int cells = SIDE / cell;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int cx = x / cell;
        int cy = y / cell;
        float fx = (x % cell) / (float) cell;
        float fy = (y % cell) / (float) cell;
        float a = corner(seed, cx, cy, cells);
        float b = corner(seed, cx + 1, cy, cells);
        float c = corner(seed, cx, cy + 1, cells);
        float d = corner(seed, cx + 1, cy + 1, cells);
        float top = a + (b - a) * fx;
        float bottom = c + (d - c) * fx;
        grain[y * SIDE + x] += gain * (top + (bottom - top) * fy);
      }
    }
  }

  private static float corner(long seed, int x, int y, int cells) {
    return Hash.range(Hash.of(seed, 41, (y % cells) * cells + x % cells), 0, -1, 1);
  }

  private static byte[] quantised(float[] grain) {
    byte[] out = new byte[grain.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) Math.max(1, Math.min(255, Math.round(128 + grain[i])));
    }
    return out;
  }

  private static float[] blurred(float[] in) {
    float[] out = new float[in.length];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        float sum = 0;
        for (int j = -1; j <= 1; j++) {
          for (int i = -1; i <= 1; i++) {
            sum += in[((y + j) & (SIDE - 1)) * SIDE + ((x + i) & (SIDE - 1))];
          }
        }
        out[y * SIDE + x] = sum / 9;
      }
    }
    return out;
  }
}

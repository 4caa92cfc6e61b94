package dev.nightfuse.camera.simulated;

/**
 * Walls with windows, 25 cm per texel, in columns from the ground up, with coarser copies for the
 * distance: how much light a texel reflects, how much it shines, and how warm it is.
 */
final class FacadeTexture {

  static final int COLUMNS = 512;
  static final int ROWS = 128;
  static final float TEXELS_PER_M = 4;
  static final int LODS = 4;

  /** Where a coarser copy begins in each array. */
  final int[] lodAt = new int[LODS];

  /** What a texel reflects, times 256, and what it shines: looked up together. */
  final char[] look;

  final byte[] heat;

  FacadeTexture(long seed) {
    int total = 0;
    for (int lod = 0; lod < LODS; lod++) {
      lodAt[lod] = total;
      total += (COLUMNS >> lod) * (ROWS >> lod);
    }
    byte[] wall = new byte[total];
    byte[] shine = new byte[total];
    heat = new byte[total];
    // Four styles side by side, 128 columns (32 m) each.
    for (int style = 0; style < 4; style++) {
      paintStyle(seed, style, wall, shine);
    }
    for (int lod = 1; lod < LODS; lod++) {
      shrink(wall, lod);
      shrink(shine, lod);
      shrink(heat, lod);
    }
    look = new char[total];
    for (int i = 0; i < total; i++) {
      look[i] = (char) ((wall[i] & 0xFF) << 8 | (shine[i] & 0xFF));
    }
  }

  private void paintStyle(long seed, int style, byte[] wall, byte[] shine) {
    int floorRows = style == 2 ? 14 : 12;
    int bay = style == 0 ? 8 : style == 1 ? 11 : style == 2 ? 16 : 7;
    int paneWidth = style == 0 ? 4 : style == 1 ? 6 : style == 2 ? 13 : 3;
    int paneHeight = style == 2 ? 9 : 6;
    int base = 70 + 30 * style;
    for (int c = 0; c < 128; c++) {
      for (int r = 0; r < ROWS; r++) {
        int at = (style * 128 + c) * ROWS + r;
        int floor = r / floorRows;
        int inFloor = r % floorRows;
        int inBay = c % bay;
        long room = Hash.of(seed, 50 + style, (c / bay) * 64L + floor);
        long grain = Hash.of(seed, 60, at);
        boolean pane =
            inBay >= 2 && inBay < 2 + paneWidth && inFloor >= 3 && inFloor < 3 + paneHeight;
        boolean shop = floor == 0 && style != 3;
        int reflect = base + (int) (Hash.unit(grain, 0) * 18);
        int warmth = heatOf(Thermal.WALL) + (int) (Hash.unit(grain, 1) * 4) - floor;
        int glow = 0;
        if (pane) {
          reflect = 22;
          warmth = heatOf(Thermal.GLASS);
          if (Hash.unit(room, 0) < (shop ? 0.4f : 0.17f)) {
            // Curtains and lamps: brighter in the middle of the room, each room its own.
            int level = (int) Hash.range(room, 1, 26, shop ? 190 : 120);
            glow = level - Math.abs(inBay - 2 - paneWidth / 2) * level / (paneWidth * 2);
            glow -= (int) (Hash.unit(grain, 2) * glow * 0.25f);
            warmth = heatOf(Thermal.WALL + 2.2f);
          }
        } else if (inFloor == 2 && inBay >= 1 && inBay < 3 + paneWidth) {
          reflect += 45;
          warmth += 5;
        } else if (inFloor == 0 || inFloor == floorRows - 1) {
          reflect -= 22;
        }
        wall[at] = (byte) Math.min(255, reflect);
        shine[at] = (byte) Math.max(0, Math.min(255, glow));
        heat[at] = (byte) Math.max(0, Math.min(255, warmth));
      }
    }
  }

  private static int heatOf(float celsius) {
    return Thermal.counts(celsius) / 4;
  }

  private void shrink(byte[] data, int lod) {
    int rows = ROWS >> lod;
    int fineRows = rows * 2;
    int fine = lodAt[lod - 1];
    for (int c = 0; c < COLUMNS >> lod; c++) {
      for (int r = 0; r < rows; r++) {
        int at = fine + c * 2 * fineRows + r * 2;
        int sum =
            (data[at] & 0xFF)
                + (data[at + 1] & 0xFF)
                + (data[at + fineRows] & 0xFF)
                + (data[at + fineRows + 1] & 0xFF);
        data[lodAt[lod] + c * rows + r] = (byte) (sum / 4);
      }
    }
  }
}

package dev.nightfuse.camera.simulated;

/** Paints the buildings along the street, far to near, and the skyline and sky behind them. */
final class Facades {

  private static final float SLOT_M = 22;

  /** Share of slots without a house. */
  private static final float GAP = 0.12f;

  private static final int LIGHT_STEP = 16;

  /** Texture rows per half pixel row, fixed point: 2400 half rows times 1.1 texels still fit. */
  private static final int RISE_SHIFT = 18;

  private static final int RISE_ONE = 1 << (RISE_SHIFT - 1);
  private static final int EYE_ROW =
      (int) ((Eye.CAMERA_HEIGHT_M * FacadeTexture.TEXELS_PER_M + 0.3f) * (1 << RISE_SHIFT));

  private final long seed;
  private final Eye eye;
  private final Canvas canvas;
  private final FacadeTexture texture;

  // Per picture column of the wall at hand.
  private final int[] columnAt;
  private final int[] columnRise;
  private final int[] columnLod;
  private final int[] columnLight;

  /** Light by height above the ground, 0 to 256: street lamps light the lower floors. */
  private final int[] lightByRow = new int[FacadeTexture.ROWS];

  Facades(long seed, Eye eye, Canvas canvas) {
    this.seed = seed;
    this.eye = eye;
    this.canvas = canvas;
    this.texture = new FacadeTexture(seed);
    this.columnAt = new int[canvas.width];
    this.columnRise = new int[canvas.width];
    this.columnLod = new int[canvas.width];
    this.columnLight = new int[canvas.width];
    for (int r = 0; r < lightByRow.length; r++) {
      float h = r / FacadeTexture.TEXELS_PER_M;
      float q = Math.max(0, h - 3.5f) / 5;
      lightByRow[r] = (int) (256 / (1 + q * q)) + 6;
    }
  }

  void paint(Lights lights) {
    long first = (long) Math.floor(eye.egoM / SLOT_M);
    for (long slot = first + 6; slot >= first; slot--) {
      paintBuilding(slot, 0, lights);
      paintBuilding(slot, 1, lights);
    }
  }

  private void paintBuilding(long slot, int side, Lights lights) {
    long h = Hash.of(seed, 70 + side, slot);
    if (Hash.unit(h, 0) < GAP) {
      return;
    }
    float length = length(h);
    float height = height(h);
    float setback = setback(h);
    float sign = side == 0 ? -1 : 1;
    float u = sign * (Ground.WALK_EDGE_M + setback);
    float d0 = (float) (slot * SLOT_M - eye.egoM);
    float d1 = d0 + length;
    int style = (int) (h >>> 60) & 3;
    int column = style * 128 + ((int) (h >>> 50) & 15) * 2;
    // Well insulated houses are colder outside; tall ones show more of the sky.
    int chill = (int) (height * 0.4f + Hash.range(h, 4, -34, 40));
    if (d0 > 1.2f && !hiddenBy(Hash.of(seed, 70 + side, slot - 1), height, setback)) {
      wallFrom(u + sign * 14, d0, u, d0, height, column, lights, 0.55f, chill + 16);
    }
    if (d1 > 1.2f) {
      float near = Math.max(d0, 1.0f);
      float skip = (near - d0) * FacadeTexture.TEXELS_PER_M;
      wallFrom(u, near, u, d1, height, column + skip, lights, 1, chill);
    }
  }

  private static float length(long look) {
    return Hash.unit(look, 1) < 0.6f ? SLOT_M : Hash.range(look, 1, 14, SLOT_M - 2);
  }

  private static float height(long look) {
    return 6 + 3 * (int) (Hash.unit(look, 2) * (Hash.unit(look, 2) > 0.7f ? 8 : 5));
  }

  private static float setback(long look) {
    return Hash.unit(look, 3) < 0.3f ? 2.5f : 0.2f;
  }

  /** Whether the house before leaves nothing to be seen of our end wall. */
  private static boolean hiddenBy(long before, float height, float setback) {
    return Hash.unit(before, 0) >= GAP
        && length(before) == SLOT_M
        && height(before) >= height
        && setback(before) <= setback;
  }

  /** An upright wall between two points of the ground. */
  private void wallFrom(
      float u0,
      float d0,
      float u1,
      float d1,
      float height,
      float column,
      Lights lights,
      float dim,
      int chill) {
    float x0 = eye.x(u0, d0);
    float x1 = eye.x(u1, d1);
    if (Math.max(x0, x1) <= 0 || Math.min(x0, x1) >= canvas.width || Math.abs(x1 - x0) < 0.5f) {
      return;
    }
    float length = (float) Math.hypot(u1 - u0, d1 - d0) * FacadeTexture.TEXELS_PER_M;
    prepareColumns(x0, 1 / d0, column, x1, 1 / d1, column + length);
    if (!canvas.infrared) {
      prepareLight(x0, u0, d0, x1, u1, d1, lights, dim);
    }
    canvas.scanQuad(
        x0, eye.y(height, d0), x1, eye.y(height, d1), x1, eye.y(0, d1), x0, eye.y(0, d0));
    for (int row = canvas.topRow; row <= canvas.bottomRow; row++) {
      int from = Math.max(0, (int) (canvas.rowLeft[row] + 0.5f));
      int to = Math.min(canvas.width, (int) (canvas.rowRight[row] + 0.5f));
      if (from >= to) {
        continue;
      }
      if (canvas.infrared) {
        warmRow(row, from, to, chill);
      } else {
        litRow(row, from, to);
      }
      if (row > eye.horizonY) {
        // Where the road bends, its kerbs go on behind the house.
        int at = row * canvas.width;
        java.util.Arrays.fill(canvas.label, at + from, at + to, (byte) 0);
      }
    }
  }

  private void prepareColumns(
      float x0, float inverse0, float column0, float x1, float inverse1, float column1) {
    float over = 1 / (x1 - x0);
    int from = Math.max(0, (int) Math.floor(Math.min(x0, x1)));
    int to = Math.min(canvas.width - 1, (int) Math.ceil(Math.max(x0, x1)));
    float inverseSlope = (inverse1 - inverse0) * over;
    // Texture columns are linear over depth, as everything in perspective.
    float c0 = column0 * inverse0;
    float slope = (column1 * inverse1 - c0) * over;
    float lowest = Math.min(inverse0, inverse1);
    float highest = Math.max(inverse0, inverse1);
    float previous = Float.NaN;
    for (int x = from; x <= to; x++) {
      float inverse =
          Math.max(lowest, Math.min(highest, inverse0 + (x + 0.5f - x0) * inverseSlope));
      float column = (c0 + (x + 0.5f - x0) * slope) / inverse;
      float rise = FacadeTexture.TEXELS_PER_M / (inverse * eye.focalPx);
      float coarse = Float.isNaN(previous) ? rise : Math.max(rise, Math.abs(column - previous));
      previous = column;
      int lod = coarse < 1.4f ? 0 : coarse < 2.8f ? 1 : coarse < 5.6f ? 2 : 3;
      int c = Math.floorMod((int) Math.floor(column), FacadeTexture.COLUMNS) >> lod;
      columnAt[x] = texture.lodAt[lod] + c * (FacadeTexture.ROWS >> lod);
      columnRise[x] = (int) (rise * RISE_ONE);
      columnLod[x] = lod;
    }
  }

  private void prepareLight(
      float x0, float u0, float d0, float x1, float u1, float d1, Lights lights, float dim) {
    int from = Math.max(0, (int) Math.floor(Math.min(x0, x1)));
    int to = Math.min(canvas.width - 1, (int) Math.ceil(Math.max(x0, x1)));
    float a = lightAt(from, x0, u0, d0, x1, u1, d1, lights);
    for (int start = from; start <= to; start += LIGHT_STEP) {
      int end = Math.min(to + 1, start + LIGHT_STEP);
      float b = lightAt(end, x0, u0, d0, x1, u1, d1, lights);
      for (int x = start; x < end; x++) {
        columnLight[x] =
            (int) Math.min(4000, dim * (a + (b - a) * (x - start) / LIGHT_STEP) * 0.33f);
      }
      a = b;
    }
  }

  private float lightAt(
      float x, float x0, float u0, float d0, float x1, float u1, float d1, Lights lights) {
    float t = Math.max(0, Math.min(1, (x - x0) / (x1 - x0)));
    float d = 1 / (1 / d0 + (1 / d1 - 1 / d0) * t);
    float share = Math.abs(d1 - d0) < 0.1f ? t : (d - d0) / (d1 - d0);
    float u = u0 + (u1 - u0) * share;
    return lights.around(u, d) + 0.5f * Lights.beam(u - eye.eyeU, 1.2f, d);
  }

  private void litRow(int row, int from, int to) {
    int base = row * canvas.width;
    int up = Math.round((eye.horizonY - row - 0.5f) * 2);
    char[] looks = texture.look;
    short[] level = canvas.level;
    for (int x = from; x < to; x++) {
      int r = ((EYE_ROW + up * columnRise[x]) >> RISE_SHIFT) & (FacadeTexture.ROWS - 1);
      int look = looks[columnAt[x] + (r >> columnLod[x])];
      int lit = ((((look >> 8) * columnLight[x]) >> 8) * lightByRow[r]) >> 8;
      level[base + x] = (short) (lit + (look & 0xFF) * 11);
    }
    if ((row & 1) == 0) {
      tintRow(row, from, to, up);
    }
  }

  private void tintRow(int row, int from, int to, int up) {
    int base = row * canvas.width;
    int chroma = (row >> 1) * canvas.chromaWidth;
    char[] looks = texture.look;
    for (int x = (from + 1) & ~1; x < to; x += 2) {
      int r = ((EYE_ROW + up * columnRise[x]) >> RISE_SHIFT) & (FacadeTexture.ROWS - 1);
      int glow = looks[columnAt[x] + (r >> columnLod[x])] & 0xFF;
      int warm = Math.min(9, (canvas.level[base + x] - glow * 11) >> 3);
      canvas.cb[chroma + (x >> 1)] = (byte) (-(glow >> 2) - warm);
      canvas.cr[chroma + (x >> 1)] = (byte) (((glow * 3) >> 4) + ((warm * 3) >> 2));
    }
  }

  private void warmRow(int row, int from, int to, int chill) {
    int base = row * canvas.width;
    int up = Math.round((eye.horizonY - row - 0.5f) * 2);
    byte[] heat = texture.heat;
    for (int x = from; x < to; x++) {
      int r = ((EYE_ROW + up * columnRise[x]) >> RISE_SHIFT) & (FacadeTexture.ROWS - 1);
      canvas.level[base + x] =
          (short) (((heat[columnAt[x] + (r >> columnLod[x])] & 0xFF) << 2) - chill);
    }
  }
}

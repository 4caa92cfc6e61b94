package dev.nightfuse.camera.simulated;

import dev.nightfuse.frame.GroundTruth;

/**
 * Paints road, kerbs, pavements and marks, row by row: a row of the picture is one distance, so
 * across it everything is linear.
 */
final class Ground {

  static final float ROAD_EDGE_M = 5.75f;
  static final float WALK_EDGE_M = 9.4f;
  static final int CURVE = GroundTruth.CLASSES.indexOf("curve");
  private static final int BUMP = GroundTruth.CLASSES.indexOf("bump");
  private static final int COLUMN_SHIFT = 4;

  /** Texels per pixel, fixed point, below which two neighbours may share one: under our nose. */
  private static final int WIDE_TEXEL = 1 << 15;

  /** Left edges of the strips across the road, metres; strip i reaches to edge i+1. */
  private static final float[] EDGE_U = {
    -1000,
    -WALK_EDGE_M,
    -5.95f,
    -ROAD_EDGE_M,
    -2.85f,
    -2.25f,
    -1.35f,
    -0.75f,
    0.75f,
    1.35f,
    2.25f,
    2.85f,
    ROAD_EDGE_M,
    5.95f,
    WALK_EDGE_M,
    1000
  };

  /** Reflectance in 1/1024 and temperature of each strip; wheels keep their tracks warm. */
  private static final int[] REFLECTANCE = {
    70, 150, 230, 112, 104, 112, 104, 112, 104, 112, 104, 112, 230, 150, 70
  };

  private static final float[] CELSIUS = {
    Thermal.GRASS,
    Thermal.PAVEMENT,
    Thermal.KERB + 1.6f,
    Thermal.ROAD - 0.3f,
    Thermal.ROAD + 0.25f,
    Thermal.ROAD,
    Thermal.ROAD + 0.25f,
    Thermal.ROAD,
    Thermal.ROAD + 0.25f,
    Thermal.ROAD,
    Thermal.ROAD + 0.25f,
    Thermal.ROAD - 0.3f,
    Thermal.KERB + 1.6f,
    Thermal.PAVEMENT,
    Thermal.GRASS
  };

  private final Texture texture;
  private final long seed;
  private final Eye eye;
  private final Canvas canvas;
  private final int columns;
  private final float[] columnU;
  private final float[] light;
  private final float[] warm;
  private final float[] beam;
  private final int[] rowLight;

  Ground(long seed, Eye eye, Canvas canvas) {
    this.seed = seed;
    this.texture = new Texture(seed);
    this.eye = eye;
    this.canvas = canvas;
    this.columns = (canvas.width >> COLUMN_SHIFT) + 2;
    this.columnU = new float[columns];
    this.light = new float[columns];
    this.warm = new float[columns];
    this.rowLight = new int[canvas.width + (2 << COLUMN_SHIFT)];
    this.beam = canvas.infrared ? new float[0] : beamMap();
  }

  /** Our low beam per row below the horizon and coarse column: it moves with the car. */
  private float[] beamMap() {
    float[] map = new float[canvas.height * columns];
    for (int row = 0; row < canvas.height; row++) {
      float d = eye.focalPx * Eye.CAMERA_HEIGHT_M / (row + 0.5f);
      for (int i = 0; i < columns; i++) {
        float u = ((i << COLUMN_SHIFT) - canvas.width * 0.5f) * d / eye.focalPx;
        map[row * columns + i] = Lights.beamOnRoad(u, d);
      }
    }
    return map;
  }

  void paint(Lights lights) {
    int first = Math.max(0, (int) Math.ceil(eye.horizonY + 0.5f));
    for (int row = first; row < canvas.height; row++) {
      float below = row + 0.5f - eye.horizonY;
      float d = eye.focalPx * Eye.CAMERA_HEIGHT_M / below;
      float near = eye.focalPx * Eye.CAMERA_HEIGHT_M / (below + 0.5f);
      float far = eye.focalPx * Eye.CAMERA_HEIGHT_M / Math.max(0.3f, below - 0.5f);
      if (!canvas.infrared) {
        prepareLight(lights, row, (int) below, d);
      }
      paintStrips(row, d);
      if (d < 110) {
        paintMarks(row, d, near, far);
      }
    }
  }

  private void prepareLight(Lights lights, int row, int beamRow, float d) {
    float perPixel = d / eye.focalPx;
    float u = eye.eyeU - eye.bendM(d) - eye.aheadX * perPixel;
    for (int i = 0; i < columns; i++) {
      columnU[i] = u + (i << COLUMN_SHIFT) * perPixel;
    }
    lights.groundRow(columnU, columns, d, light, warm);
    int base = Math.max(0, Math.min(canvas.height - 1, beamRow)) * columns;
    for (int i = 0; i < columns; i++) {
      light[i] = Math.min(Canvas.MAX_LEVEL, light[i] + beam[base + i]);
    }
    int size = 1 << COLUMN_SHIFT;
    for (int i = 0; i + 1 < columns; i++) {
      int from = (int) (light[i] * 256);
      int step = ((int) (light[i + 1] * 256) - from) >> COLUMN_SHIFT;
      int at = i << COLUMN_SHIFT;
      for (int k = 0; k < size; k++) {
        rowLight[at + k] = (from + k * step) >> 8;
      }
    }
    if ((row & 1) == 0) {
      tintRow(row >> 1);
    }
  }

  private void tintRow(int chromaRow) {
    int base = chromaRow * canvas.chromaWidth;
    int size = 1 << (COLUMN_SHIFT - 1);
    for (int i = 0; i + 1 < columns; i++) {
      int tone = Tone.luma((int) (light[i] * 0.11f)) - 16;
      float share = warm[i] / light[i];
      byte cb = (byte) Math.max(-Canvas.MAX_CHROMA, -(46 * share - 4) * tone / 64);
      byte cr = (byte) Math.min(Canvas.MAX_CHROMA, (38 * share - 4) * tone / 64);
      int from = i * size;
      int to = Math.min(canvas.chromaWidth, from + size);
      for (int x = from; x < to; x++) {
        canvas.cb[base + x] = cb;
        canvas.cr[base + x] = cr;
      }
    }
  }

  private void paintStrips(int row, float d) {
    float perPixel = d / eye.focalPx;
    float u0 = eye.eyeU - eye.bendM(d) - (eye.aheadX - 0.5f) * perPixel;
    // 4 cm per texel; each coarser copy from where a pixel covers about two texels.
    int lod = d < 9 ? 0 : d < 18 ? 1 : d < 36 ? 2 : 3;
    byte[] grain = texture.lod(lod);
    int line = (int) ((long) Math.floor((eye.egoM + d) * 25) & (Texture.SIDE - 1)) * Texture.SIDE;
    int step = (int) (perPixel * 25 * 65536);
    int start = (int) ((u0 + 2000) * 25 * 256) << 8;
    int from = 0;
    for (int i = 0; i < REFLECTANCE.length && from < canvas.width; i++) {
      float edge = eye.x(EDGE_U[i + 1], d);
      int to = Math.max(from, (int) Math.min(canvas.width, edge + 0.5f));
      int tex = start + from * step;
      if (canvas.infrared) {
        warmStrip(row, from, to, grain, line, tex, step, Thermal.counts(CELSIUS[i]));
      } else {
        litStrip(row, from, to, grain, line, tex, step, REFLECTANCE[i]);
      }
      if (i == 2 || i == 12) {
        int base = row * canvas.width;
        java.util.Arrays.fill(canvas.label, base + from, base + to, (byte) CURVE);
      }
      from = to;
    }
  }

  private void litStrip(
      int row, int from, int to, byte[] grain, int line, int tex, int step, int reflectance) {
    int base = row * canvas.width;
    short[] level = canvas.level;
    int t = tex;
    int x = from;
    if (step < WIDE_TEXEL) {
      for (; x + 1 < to; x += 2) {
        int g = grain[line + ((t >>> 16) & (Texture.SIDE - 1))] & 0xFF;
        int shine = (g * reflectance) >> 7;
        level[base + x] = (short) ((rowLight[x] * shine) >> 10);
        level[base + x + 1] = (short) ((rowLight[x + 1] * shine) >> 10);
        t += 2 * step;
      }
    }
    for (; x < to; x++) {
      int g = grain[line + ((t >>> 16) & (Texture.SIDE - 1))] & 0xFF;
      level[base + x] = (short) ((rowLight[x] * ((g * reflectance) >> 7)) >> 10);
      t += step;
    }
  }

  private void warmStrip(
      int row, int from, int to, byte[] grain, int line, int tex, int step, int counts) {
    int base = row * canvas.width;
    short[] level = canvas.level;
    int t = tex;
    int x = from;
    if (step < WIDE_TEXEL) {
      for (; x + 1 < to; x += 2) {
        int g = grain[line + ((t >>> 16) & (Texture.SIDE - 1))] & 0xFF;
        short warmth = (short) (counts + ((g - 128) >> 2));
        level[base + x] = warmth;
        level[base + x + 1] = warmth;
        t += 2 * step;
      }
    }
    for (; x < to; x++) {
      int g = grain[line + ((t >>> 16) & (Texture.SIDE - 1))] & 0xFF;
      level[base + x] = (short) (counts + ((g - 128) >> 2));
      t += step;
    }
  }

  private void paintMarks(int row, float d, float near, float far) {
    double s0 = eye.egoM + near;
    double s1 = eye.egoM + far;
    mark(row, d, -3.56f, -3.44f, 0.85f);
    mark(row, d, 3.44f, 3.56f, 0.85f);
    mark(row, d, -0.07f, 0.07f, dashCover(s0, s1));
    long block = (long) Math.floor((s0 - Drive.CROSSING_M) / Drive.PERIOD_M + 0.5);
    double crossing = block * Drive.PERIOD_M + Drive.CROSSING_M;
    float zebra = cover(s0, s1, crossing - 1.8, crossing + 1.8);
    if (zebra > 0) {
      for (float u = -5.4f; u < 5.3f; u += 1.0f) {
        mark(row, d, u, u + 0.5f, zebra);
      }
    }
    float stop = cover(s0, s1, crossing - 4.0, crossing - 3.6);
    if (stop > 0) {
      mark(row, d, 0.1f, 3.4f, stop);
    }
    paintBump(row, d, s0, s1, crossing);
    paintLids(row, d, s0);
  }

  private void paintBump(int row, float d, double s0, double s1, double crossing) {
    double middle = crossing + Drive.PERIOD_M * 0.48;
    middle -= middle > s1 + Drive.PERIOD_M * 0.5 ? Drive.PERIOD_M : 0;
    float cover = cover(s0, s1, middle - 0.3, middle + 0.3);
    if (cover < 0.4f) {
      return;
    }
    for (int i = 0; i < 14; i++) {
      float u = -3.4f + i * 0.5f;
      float shine = (i & 1) == 0 ? 0.55f : 0.05f;
      canvas.surface(shine, lightAt(u, d), -60, 12, Thermal.ROAD - 1.2f, BUMP);
      canvas.span(row, eye.x(u, d), eye.x(u + 0.5f, d));
    }
  }

  /** Iron lids: dark to the eye, warm from the sewer below. */
  private void paintLids(int row, float d, double s) {
    long slot = (long) Math.floor(s / 17);
    long h = Hash.of(seed, 43, slot);
    double middle = slot * 17 + 3 + Hash.unit(h, 0) * 11;
    float u = Hash.range(h, 1, -2.6f, 2.6f);
    double along = (eye.egoM + d - middle) / 0.36;
    if (Hash.unit(h, 2) > 0.5f || Math.abs(along) >= 1) {
      return;
    }
    float half = 0.36f * (float) Math.sqrt(1 - along * along);
    canvas.surface(0.05f, lightAt(u, d), 0, 0, 13.5f, 0);
    canvas.span(row, eye.x(u - half, d), eye.x(u + half, d));
  }

  private void mark(int row, float d, float u0, float u1, float cover) {
    if (cover <= 0.05f) {
      return;
    }
    float left = eye.x(u0, d);
    float right = eye.x(u1, d);
    if (right < 0 || left > canvas.width) {
      return;
    }
    int at = row * canvas.width + Math.max(0, Math.min(canvas.width - 1, (int) left));
    canvas.surface(0.5f, lightAt((u0 + u1) / 2, d), -2, 0, Thermal.PAINT, 0);
    canvas.ink = canvas.level[at] + (int) ((canvas.ink - canvas.level[at]) * cover * 0.9f);
    canvas.inkLabel = canvas.label[at];
    canvas.span(row, left, right);
  }

  private float lightAt(float u, float d) {
    if (canvas.infrared) {
      return 0;
    }
    return rowLight[Math.max(0, Math.min(canvas.width - 1, (int) eye.x(u, d)))];
  }

  private static float dashCover(double s0, double s1) {
    double slot = Math.floor(s0 / 9) * 9;
    return cover(s0, s1, slot, slot + 4) + cover(s0, s1, slot + 9, slot + 13);
  }

  /** Share of [s0, s1] that lies in [from, to]. */
  private static float cover(double s0, double s1, double from, double to) {
    double inside = Math.min(s1, to) - Math.max(s0, from);
    return inside <= 0 ? 0 : (float) (inside / (s1 - s0));
  }
}

package dev.nightfuse.camera.simulated;

import java.util.Arrays;

/**
 * Light that the lens spreads: halos around lamps, star rays of headlights, streaks on the damp
 * road. Splatted analytically on a coarse grid (about 160 cells across), one splat per light, so
 * that no pass over the picture is needed. A light that something nearer hides leaves no glare.
 */
final class Glare {

  private static final int MAX_LIGHTS = 96;

  final int cellShift;
  final int columns;
  final int rows;
  final float[] level;
  final float[] cb;
  final float[] cr;

  private final float[] x = new float[MAX_LIGHTS];
  private final float[] y = new float[MAX_LIGHTS];
  private final float[] power = new float[MAX_LIGHTS];
  private final float[] reach = new float[MAX_LIGHTS];
  private final int[] tintCb = new int[MAX_LIGHTS];
  private final int[] tintCr = new int[MAX_LIGHTS];
  private final int[] expected = new int[MAX_LIGHTS];
  private final float[] footY = new float[MAX_LIGHTS];
  private int lights;

  Glare(int width, int height) {
    int shift = 2;
    while ((width >> shift) > 200) {
      shift++;
    }
    cellShift = shift;
    columns = (width >> shift) + 2;
    rows = (height >> shift) + 2;
    level = new float[columns * rows];
    cb = new float[columns * rows];
    cr = new float[columns * rows];
  }

  void clear() {
    lights = 0;
  }

  /**
   * Notes a light that was just painted.
   *
   * @param reachPx radius of its halo's core
   * @param painted level painted at its centre, to see afterwards whether it was painted over
   * @param foot row of the road below it, for its streak on the damp road, or NaN
   */
  void light(
      float px, float py, float power, float reachPx, int cb, int cr, int painted, float foot) {
    if (lights == MAX_LIGHTS) {
      return;
    }
    x[lights] = px;
    y[lights] = py;
    this.power[lights] = power;
    reach[lights] = reachPx;
    tintCb[lights] = cb;
    tintCr[lights] = cr;
    expected[lights] = painted;
    footY[lights] = foot;
    lights++;
  }

  void gather(Canvas canvas) {
    Arrays.fill(level, 0);
    Arrays.fill(cb, 0);
    Arrays.fill(cr, 0);
    for (int i = 0; i < lights; i++) {
      float seen = seen(canvas, i);
      if (seen > 0) {
        splat(canvas, i, seen);
      }
    }
  }

  /** Share of the light that still shows; lights just outside the picture still glare a little. */
  private float seen(Canvas canvas, int i) {
    int px = (int) x[i];
    int py = (int) y[i];
    if (px < 1 || py < 1 || px >= canvas.width - 1 || py >= canvas.height - 1) {
      return 0.5f;
    }
    int at = py * canvas.width + px;
    int brightest =
        Math.max(
            Math.max(canvas.level[at], Math.max(canvas.level[at - 1], canvas.level[at + 1])),
            Math.max(canvas.level[at - canvas.width], canvas.level[at + canvas.width]));
    return Math.min(1, brightest / (0.7f * expected[i] + 1)) > 0.3f ? 1 : 0;
  }

  private void splat(Canvas canvas, int i, float seen) {
    float cell = 1 << cellShift;
    float cx = x[i] / cell;
    float cy = y[i] / cell;
    float strength = power[i] * seen;
    float core = Math.max(0.6f, reach[i] / cell);
    // Beyond the radius the halo is under a quarter level of luma in the dark.
    float radius = Math.min(46, core * (float) Math.sqrt(Math.max(4, strength / 5)));
    halo(cx, cy, strength, core * core, radius, tintCb[i], tintCr[i]);
    if (strength > 2500) {
      ray(cx, cy, radius * 1.1f, strength * 0.05f, 1, 0.16f);
      ray(cx, cy, radius * 0.8f, strength * 0.04f, 1, -0.5f);
    }
    float foot = footY[i] / cell;
    if (!Float.isNaN(foot)) {
      // The mirror image lies as far below the foot as the light is above it.
      float mirror = Math.min(2 * foot - cy, foot + rows * 0.3f);
      streak(canvas, cx, foot, mirror, strength * 0.05f, core, tintCb[i], tintCr[i]);
    }
  }

  private void halo(
      float cx, float cy, float strength, float core2, float radius, int tcb, int tcr) {
    int x0 = Math.max(0, (int) (cx - radius));
    int x1 = Math.min(columns - 1, (int) (cx + radius));
    int y0 = Math.max(0, (int) (cy - radius));
    int y1 = Math.min(rows - 1, (int) (cy + radius));
    float gain = strength * core2 * 0.55f;
    float floor = 1 / (core2 + radius * radius);
    float u = tcb * 0.011f;
    float v = tcr * 0.011f;
    for (int row = y0; row <= y1; row++) {
      float dy = (row - cy) * (row - cy) + core2;
      int base = row * columns;
      for (int col = x0; col <= x1; col++) {
        float dx = col - cx;
        float e = gain * Math.max(0, 1 / (dx * dx + dy) - floor);
        level[base + col] += e;
        cb[base + col] += e * u;
        cr[base + col] += e * v;
      }
    }
  }

  /** A thin ray through the light, along direction (dx, dy). */
  private void ray(float cx, float cy, float length, float strength, float dx, float dy) {
    int steps = (int) length;
    for (int s = -steps; s <= steps; s++) {
      float fade = 1 - Math.abs(s) / (length + 1);
      deposit(cx + dx * s, cy + dy * s, strength * fade * fade, 0, 0);
    }
  }

  /** On the road, not on what stands on it. */
  private void streak(
      Canvas canvas,
      float cx,
      float foot,
      float mirror,
      float strength,
      float core,
      int tcb,
      int tcr) {
    float end = mirror + core * 3 + 6;
    int from = Math.max(0, (int) foot);
    int to = Math.min(rows - 2, (int) end);
    float half = Math.max(0.7f, core * 0.8f);
    for (int row = from; row <= to; row++) {
      float in = Math.min(1, (row - foot + 0.3f) / Math.max(1, mirror - foot));
      float out = Math.min(1, (end - row) / (end - mirror));
      float fade = strength * in * out;
      for (float s = -half; s <= half; s += 0.7f) {
        if (road(canvas, cx + s, row)) {
          deposit(cx + s, row, fade * (1 - Math.abs(s) / (half + 0.7f)), tcb, tcr);
        }
      }
    }
  }

  private boolean road(Canvas canvas, float px, int row) {
    int column = (int) (px * (1 << cellShift));
    int line = row << cellShift;
    if (column < 0 || column >= canvas.width || line >= canvas.height) {
      return true;
    }
    byte label = canvas.label[line * canvas.width + column];
    return label == 0 || label == Ground.CURVE;
  }

  private void deposit(float px, float py, float e, int tcb, int tcr) {
    int col = (int) Math.floor(px);
    int row = (int) Math.floor(py);
    if (col < 0 || row < 0 || col >= columns - 1 || row >= rows - 1) {
      return;
    }
    float fx = px - col;
    float fy = py - row;
    put(row * columns + col, e * (1 - fx) * (1 - fy), tcb, tcr);
    put(row * columns + col + 1, e * fx * (1 - fy), tcb, tcr);
    put((row + 1) * columns + col, e * (1 - fx) * fy, tcb, tcr);
    put((row + 1) * columns + col + 1, e * fx * fy, tcb, tcr);
  }

  private void put(int at, float e, int tcb, int tcr) {
    level[at] += e;
    cb[at] += e * tcb * 0.011f;
    cr[at] += e * tcr * 0.011f;
  }
}

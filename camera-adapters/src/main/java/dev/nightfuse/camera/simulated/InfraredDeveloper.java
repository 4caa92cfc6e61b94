package dev.nightfuse.camera.simulated;

import java.nio.ByteBuffer;

/**
 * Turns painted temperatures into GRAY8: the mount's small rotation, the lens's blur, NETD noise
 * and the columns' fixed pattern. Rotation is two shears whose fractions go into the blur, so it
 * costs nothing extra: rows are mixed by weights that change along the row, then columns by weights
 * that are constant along it.
 */
final class InfraredDeveloper {

  private static final double NETD_SIGMA = 2.0;

  /** One grey level after both mixes: 32 (columns' weights) * 4 (counts per grey level). */
  private static final int SHIFT = 7;

  private static final int ONE = 1 << SHIFT;

  private final Canvas canvas;
  private final Mount mount;
  private final Grain grain;
  private final int width;
  private final int height;
  // The three canvas rows under the taps, sheared; each is the next row's upper neighbour.
  private short[] upper;
  private short[] centre;
  private short[] lower;
  private final short[] mixed;
  // One row under the three taps across, and its noise: copies, so that one index serves all.
  private final short[] first;
  private final short[] second;
  private final short[] third;
  private final short[] rowNoise;
  private final short[] grey;
  private final short[] upperWeight;
  private final short[] lowerWeight;

  /** Columns of the canvas that share one whole-row offset: [start, end) and the offset. */
  private final int[] runEnd;

  private final int[] runOffset;
  private final int runs;
  private final short[] pattern;

  /** The grain's tile, scaled as the mixed counts are. */
  private final short[] noise;

  private final byte[] row;

  InfraredDeveloper(long seed, Canvas canvas, Mount mount, int width, int height) {
    this.canvas = canvas;
    this.mount = mount;
    this.grain = new Grain(seed + 2, NETD_SIGMA, width);
    this.width = width;
    this.height = height;
    this.upper = new short[canvas.width];
    this.centre = new short[canvas.width];
    this.lower = new short[canvas.width];
    this.mixed = new short[canvas.width];
    this.first = new short[width];
    this.second = new short[width];
    this.third = new short[width];
    this.rowNoise = new short[width];
    this.grey = new short[width];
    this.upperWeight = new short[canvas.width];
    this.lowerWeight = new short[canvas.width];
    this.runEnd = new int[canvas.width];
    this.runOffset = new int[canvas.width];
    this.row = new byte[width];
    this.pattern = new short[width];
    this.noise = new short[grain.tile.length];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) (grain.tile[i] << SHIFT);
    }
    for (int x = 0; x < width; x++) {
      pattern[x] = (short) Hash.range(Hash.of(seed, 99, x), 0, -1.7f * ONE, 1.7f * ONE);
    }
    int run = 0;
    for (int x = 0; x < canvas.width; x++) {
      // The three-tap blur [8-part, 8, part] lies half a row below its first tap.
      double shift = mount.rowShift(x) - 0.5;
      int whole = (int) Math.floor(shift);
      lowerWeight[x] = (short) Math.round((shift - whole) * 8);
      upperWeight[x] = (short) (8 - lowerWeight[x]);
      if (run > 0 && runOffset[run - 1] == whole) {
        runEnd[run - 1] = x + 1;
      } else {
        runOffset[run] = whole;
        runEnd[run++] = x + 1;
      }
    }
    this.runs = run;
  }

  void develop(long frame, ByteBuffer out) {
    shear(mount.padY(), centre);
    shear(mount.padY() + 1, lower);
    for (int r = 0; r < height; r++) {
      short[] free = upper;
      upper = centre;
      centre = lower;
      lower = free;
      shear(r + mount.padY() + 2, lower);
      mixRows();
      mixColumns(r, grain.entry(frame, r));
      out.put(r * width, row, 0, width);
    }
  }

  /** The class map in the geometry of the picture, nearest pixel. */
  void label(byte[] line, ByteBuffer out) {
    for (int r = 0; r < height; r++) {
      double shift = mount.columnShift(r);
      int from = mount.padX() + (int) Math.floor(shift + 0.5);
      int x = 0;
      while (x < width) {
        int column = from + x;
        int offset = (int) Math.floor(mount.rowShift(column) + 0.5);
        int end = Math.min(width, mount.runEnd(column) - from);
        end = Math.max(end, x + 1);
        System.arraycopy(
            canvas.label, (r + mount.padY() + offset) * canvas.width + column, line, x, end - x);
        x = end;
      }
      out.put(r * width, line, 0, width);
    }
  }

  /**
   * Copies the canvas row {@code at}, each run of columns from its own number of rows further down.
   * Mount pads the canvas by more rows than any offset plus the blur.
   */
  private void shear(int at, short[] to) {
    int x = 0;
    for (int run = 0; run < runs; run++) {
      int end = runEnd[run];
      System.arraycopy(canvas.level, (at + runOffset[run]) * canvas.width + x, to, x, end - x);
      x = end;
    }
  }

  // The loops below index by x alone and stay in shorts: so the compiler makes vector code of them.

  /** At most 1023 * 16. */
  private void mixRows() {
    short[] a = upper;
    short[] b = centre;
    short[] c = lower;
    short[] m = mixed;
    for (int x = 0; x < m.length; x++) {
      m[x] = (short) (a[x] * upperWeight[x] + b[x] * 8 + c[x] * lowerWeight[x]);
    }
    for (int x = 0; x < m.length; x++) {
      m[x] = (short) (m[x] >> 4);
    }
  }

  /** Counts keep a margin, so that 32 of them, the pattern and the noise stay below 32768. */
  private void mixColumns(int r, int entry) {
    double shift = mount.columnShift(r) - 0.5;
    int whole = (int) Math.floor(shift);
    short right = (short) Math.round((shift - whole) * 16);
    short left = (short) (16 - right);
    short[] a = first;
    short[] b = second;
    short[] c = third;
    short[] n = rowNoise;
    System.arraycopy(mixed, mount.padX() + whole, a, 0, a.length);
    System.arraycopy(mixed, mount.padX() + whole + 1, b, 0, b.length);
    System.arraycopy(mixed, mount.padX() + whole + 2, c, 0, c.length);
    System.arraycopy(noise, entry, n, 0, n.length);
    short[] g = grey;
    for (int x = 0; x < g.length; x++) {
      g[x] = (short) (a[x] * left + b[x] * 16 + c[x] * right + pattern[x] + n[x]);
    }
    for (int x = 0; x < g.length; x++) {
      row[x] = (byte) (g[x] >> SHIFT);
    }
  }
}

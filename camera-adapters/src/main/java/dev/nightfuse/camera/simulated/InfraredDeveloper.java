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
  private final short[] mixed;
  private final short[] grey;
  private final short[] weight;

  /** Columns of the canvas that share one whole-row offset: [start, end) and the offset. */
  private final int[] runEnd;

  private final int[] runOffset;
  private final int runs;
  private final short[] pattern;
  private final byte[] row;

  InfraredDeveloper(long seed, Canvas canvas, Mount mount, int width, int height) {
    this.canvas = canvas;
    this.mount = mount;
    this.grain = new Grain(seed + 2, NETD_SIGMA, width);
    this.width = width;
    this.height = height;
    this.mixed = new short[canvas.width];
    this.grey = new short[width];
    this.weight = new short[canvas.width];
    this.runEnd = new int[canvas.width];
    this.runOffset = new int[canvas.width];
    this.row = new byte[width];
    this.pattern = new short[width];
    for (int x = 0; x < width; x++) {
      pattern[x] = (short) Hash.range(Hash.of(seed, 99, x), 0, -1.7f * ONE, 1.7f * ONE);
    }
    int run = 0;
    for (int x = 0; x < canvas.width; x++) {
      // The three-tap blur [8-part, 8, part] lies half a row below its first tap.
      double shift = mount.rowShift(x) - 0.5;
      int whole = (int) Math.floor(shift);
      weight[x] = (short) Math.round((shift - whole) * 8);
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
    for (int r = 0; r < height; r++) {
      mixRows(r + mount.padY());
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
   * One sheared, vertically blurred row. Mount pads the canvas by more rows than any offset plus
   * the blur, so rows {@code at} to {@code at + 2} of every run exist.
   */
  private void mixRows(int at) {
    int x = 0;
    for (int run = 0; run < runs; run++) {
      int end = runEnd[run];
      int r0 = (at + runOffset[run]) * canvas.width;
      mixRun(x, end, r0, r0 + canvas.width, r0 + 2 * canvas.width);
      x = end;
    }
    for (x = 0; x < canvas.width; x++) {
      mixed[x] = (short) (mixed[x] >> 4);
    }
  }

  /** All in shorts, at most 1023 * 16, so that it becomes vector code. */
  private void mixRun(int from, int to, int r0, int r1, int r2) {
    short[] level = canvas.level;
    for (int x = from; x < to; x++) {
      mixed[x] =
          (short) (level[r0 + x] * (8 - weight[x]) + level[r1 + x] * 8 + level[r2 + x] * weight[x]);
    }
  }

  private void mixColumns(int r, int entry) {
    double shift = mount.columnShift(r) - 0.5;
    int whole = (int) Math.floor(shift);
    short w2 = (short) Math.round((shift - whole) * 16);
    short w0 = (short) (16 - w2);
    int at = mount.padX() + whole;
    // Shorts again: counts keep a margin, so 1023 * 32 and the pattern stay below 32768.
    for (int x = 0; x < width; x++) {
      int c = at + x;
      grey[x] = (short) (mixed[c] * w0 + mixed[c + 1] * 16 + mixed[c + 2] * w2 + pattern[x]);
    }
    byte[] noise = grain.tile;
    for (int x = 0; x < width; x++) {
      row[x] = (byte) ((grey[x] >> SHIFT) + noise[entry + x]);
    }
  }
}

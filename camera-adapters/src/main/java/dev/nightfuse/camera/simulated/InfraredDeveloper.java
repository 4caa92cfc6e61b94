package dev.nightfuse.camera.simulated;

import java.nio.ByteBuffer;

/**
 * Turns painted temperatures into GRAY8: the mount's small rotation, the lens's blur, NETD noise
 * and the columns' fixed pattern. Rotation is two shears whose fractions go into the blur, so it
 * costs nothing extra: rows are mixed by weights that change along the row, then columns by weights
 * that are constant along it.
 */
final class InfraredDeveloper {

  private static final int NOISE = 26;

  private final Canvas canvas;
  private final Mount mount;
  private final Grain grain;
  private final int width;
  private final int height;
  private final short[] mixed;
  private final short[] weight0;
  private final short[] weight1;
  private final short[] weight2;
  private final short[] weight3;

  /** Columns of the canvas that share one whole-row offset: [start, end) and the offset. */
  private final int[] runEnd;

  private final int[] runOffset;
  private final int runs;
  private final byte[] pattern;
  private final byte[] row;

  InfraredDeveloper(long seed, Canvas canvas, Mount mount, int width, int height) {
    this.canvas = canvas;
    this.mount = mount;
    this.grain = new Grain(seed + 1, width);
    this.width = width;
    this.height = height;
    this.mixed = new short[canvas.width];
    this.weight0 = new short[canvas.width];
    this.weight1 = new short[canvas.width];
    this.weight2 = new short[canvas.width];
    this.weight3 = new short[canvas.width];
    this.runEnd = new int[canvas.width];
    this.runOffset = new int[canvas.width];
    this.row = new byte[width];
    this.pattern = new byte[width];
    for (int x = 0; x < width; x++) {
      pattern[x] = (byte) Hash.range(Hash.of(seed, 99, x), 0, -1.7f, 1.7f);
    }
    int run = 0;
    for (int x = 0; x < canvas.width; x++) {
      double shift = mount.rowShift(x);
      int whole = (int) Math.floor(shift);
      int part = (int) Math.round((shift - whole) * 8);
      // Blur [1 2 1] in quarters, moved down by part/8 of a row; the sum is 32.
      weight0[x] = (short) (8 - part);
      weight1[x] = (short) (2 * (8 - part) + part);
      weight2[x] = (short) (8 - part + 2 * part);
      weight3[x] = (short) part;
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
   * the blur, so rows {@code at-1} to {@code at+2} exist.
   */
  private void mixRows(int at) {
    int x = 0;
    for (int run = 0; run < runs; run++) {
      int end = runEnd[run];
      int r1 = (at + runOffset[run]) * canvas.width;
      mixRun(x, end, r1 - canvas.width, r1, r1 + canvas.width, r1 + 2 * canvas.width);
      x = end;
    }
  }

  private void mixRun(int from, int to, int r0, int r1, int r2, int r3) {
    short[] level = canvas.level;
    for (int x = from; x < to; x++) {
      // At most 1023 * 32, within a short.
      mixed[x] =
          (short)
              (level[r0 + x] * weight0[x]
                  + level[r1 + x] * weight1[x]
                  + level[r2 + x] * weight2[x]
                  + level[r3 + x] * weight3[x]);
    }
  }

  private void mixColumns(int r, int entry) {
    double shift = mount.columnShift(r);
    int whole = (int) Math.floor(shift);
    int part = (int) Math.round((shift - whole) * 16);
    int w0 = 16 - part;
    int w1 = 2 * (16 - part) + part;
    int w2 = (16 - part) + 2 * part;
    int w3 = part;
    int at = mount.padX() + whole;
    byte[] noise = grain.tile;
    for (int x = 0; x < width; x++) {
      int c = at + x;
      int sum = mixed[c - 1] * w0 + mixed[c] * w1 + mixed[c + 1] * w2 + mixed[c + 2] * w3;
      // 32 (rows) * 64 (columns) * 4 (counts per grey level) = 2^13.
      int grey = (sum >> 13) + pattern[x] + ((noise[entry + x] * NOISE) >> 8);
      row[x] = (byte) Math.max(0, Math.min(255, grey));
    }
  }
}

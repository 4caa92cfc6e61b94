package dev.nightfuse.camera.simulated;

import java.nio.ByteBuffer;

/** Turns a painted scene into I420: glare added, tone curve, shot and read noise, chroma. */
final class VisibleDeveloper {

  /** Shot noise is about even over the tones once gamma is applied. */
  private static final double LUMA_SIGMA = 2.3;

  /** Greatest chroma of glare; together with a canvas's greatest and the grain, 127. */
  private static final int MAX_TINT = 127 - Canvas.MAX_CHROMA - Grain.PEAK;

  /** Glare levels are spread in fixed point: 13 bits of level, 4 here, 2 * 5 of weights. */
  private static final int GRID_SHIFT = 4;

  private static final int GRID_ONE = 1 << GRID_SHIFT;

  private static final double CHROMA_SIGMA = 1.3;

  private final byte[] tone = Tone.table();
  private final Grain lumaGrain;
  private final Grain chromaGrain;
  private final Canvas canvas;
  private final Glare glare;
  private final int[] grid;
  private final int[] cellRow;
  private final int[] rowGlare;
  private final byte[] row;
  private final byte[] chromaRow;

  /** One row of glare cells, each as wide as its pixels. */
  private final byte[] wideCells;

  private final byte[] cellCb;
  private final byte[] cellCr;

  VisibleDeveloper(long seed, Canvas canvas, Glare glare) {
    this.lumaGrain = new Grain(seed, LUMA_SIGMA, canvas.width);
    this.chromaGrain = new Grain(seed + 1, CHROMA_SIGMA, canvas.width);
    this.canvas = canvas;
    this.glare = glare;
    this.rowGlare = new int[(glare.columns - 1) << glare.cellShift];
    this.grid = new int[glare.columns * glare.rows];
    this.cellRow = new int[glare.columns];
    this.row = new byte[canvas.width];
    this.chromaRow = new byte[canvas.chromaWidth];
    this.wideCells = new byte[canvas.chromaWidth];
    this.cellCb = new byte[glare.columns * glare.rows];
    this.cellCr = new byte[glare.columns * glare.rows];
  }

  void develop(long frame, ByteBuffer y, ByteBuffer u, ByteBuffer v) {
    for (int i = 0; i < grid.length; i++) {
      grid[i] = (int) (Math.min(Canvas.MAX_LEVEL, glare.level[i]) * GRID_ONE);
    }
    for (int r = 0; r < canvas.height; r++) {
      if ((r & 1) == 0) {
        // Glare is smooth over far more than two rows.
        spreadGlare(r);
      }
      developLuma(r, lumaGrain.entry(frame, r));
      y.put(r * canvas.width, row, 0, canvas.width);
    }
    tintGlare();
    developChroma(frame, 0, canvas.cb, cellCb, u);
    developChroma(frame, canvas.height, canvas.cr, cellCr, v);
  }

  /** Bilinear interpolation of the glare grid to one row of pixels. */
  private void spreadGlare(int r) {
    int shift = glare.cellShift;
    int size = 1 << shift;
    int base = (r >> shift) * glare.columns;
    int down = 2 * (r & (size - 1)) + 1;
    for (int c = 0; c < cellRow.length; c++) {
      int top = grid[base + c];
      cellRow[c] = (top << (shift + 1)) + (grid[base + c + glare.columns] - top) * down;
    }
    // Cells are at least four pixels wide: four at a time, by their centres.
    int drop = 2 * (shift + 1) + GRID_SHIFT;
    for (int x = 0; x + 3 < rowGlare.length; x += 4) {
      int c = x >> shift;
      int from = cellRow[c];
      int step = cellRow[c + 1] - from;
      int value = (from << (shift + 1)) + step * (2 * (x & (size - 1)) + 1);
      rowGlare[x] = value >> drop;
      rowGlare[x + 1] = (value + 2 * step) >> drop;
      rowGlare[x + 2] = (value + 4 * step) >> drop;
      rowGlare[x + 3] = (value + 6 * step) >> drop;
    }
  }

  /** Level and glare sum to less than the table's length; tones leave room for the grain. */
  private void developLuma(int r, int entry) {
    int base = r * canvas.width;
    short[] level = canvas.level;
    byte[] noise = lumaGrain.tile;
    int[] spread = rowGlare;
    byte[] curve = tone;
    byte[] out = row;
    for (int x = 0; x < canvas.width; x++) {
      int light = (level[base + x] + spread[x]) & Tone.MASK;
      out[x] = (byte) (curve[light] + noise[entry + x]);
    }
  }

  private void tintGlare() {
    int n = glare.columns * glare.rows;
    for (int i = 0; i < n; i++) {
      float level = glare.level[i];
      if (level < 2) {
        cellCb[i] = 0;
        cellCr[i] = 0;
      } else {
        // The splats carry chroma times 0.011; weaken it as Canvas weakens an ink's.
        float weight = (Tone.luma((int) level) - 16) / (110f * 0.011f * level);
        cellCb[i] = (byte) Math.max(-MAX_TINT, Math.min(MAX_TINT, glare.cb[i] * weight));
        cellCr[i] = (byte) Math.max(-MAX_TINT, Math.min(MAX_TINT, glare.cr[i] * weight));
      }
    }
  }

  /** Paint, glare and grain are bounded so that their sum stays within a byte. */
  private void developChroma(long frame, int lane, byte[] paint, byte[] cells, ByteBuffer to) {
    int shift = glare.cellShift - 1;
    int width = canvas.chromaWidth;
    byte[] noise = chromaGrain.tile;
    byte[] wide = wideCells;
    byte[] out = chromaRow;
    for (int r = 0; r < canvas.chromaHeight; r++) {
      if ((r & ((1 << shift) - 1)) == 0) {
        int cellBase = (r >> shift) * glare.columns;
        for (int x = 0; x < width; x++) {
          wide[x] = (byte) (128 + cells[cellBase + (x >> shift)]);
        }
      }
      int base = r * width;
      int entry = chromaGrain.entry(frame, r + lane);
      for (int x = 0; x < out.length; x++) {
        out[x] = (byte) (paint[base + x] + wide[x] + noise[entry + x]);
      }
      to.put(base, out, 0, width);
    }
  }
}

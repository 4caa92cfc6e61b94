package dev.nightfuse.camera.simulated;

import java.nio.ByteBuffer;

/** Turns a painted scene into I420: glare added, tone curve, shot and read noise, chroma. */
final class VisibleDeveloper {

  /** Shot noise is about even over the tones once gamma is applied. */
  private static final double LUMA_SIGMA = 2.3;

  private static final double CHROMA_SIGMA = 1.3;

  private final byte[] tone = Tone.table();
  private final Grain lumaGrain;
  private final Grain chromaGrain;
  private final Canvas canvas;
  private final Glare glare;
  private final int[] rowGlare;
  private final byte[] row;
  private final byte[] cellCb;
  private final byte[] cellCr;

  VisibleDeveloper(long seed, Canvas canvas, Glare glare) {
    this.lumaGrain = new Grain(seed, LUMA_SIGMA, canvas.width);
    this.chromaGrain = new Grain(seed + 1, CHROMA_SIGMA, canvas.width);
    this.canvas = canvas;
    this.glare = glare;
    this.rowGlare = new int[glare.columns << glare.cellShift];
    this.row = new byte[canvas.width];
    this.cellCb = new byte[glare.columns * glare.rows];
    this.cellCr = new byte[glare.columns * glare.rows];
  }

  void develop(long frame, ByteBuffer y, ByteBuffer u, ByteBuffer v) {
    for (int r = 0; r < canvas.height; r++) {
      spreadGlare(r);
      developLuma(r, lumaGrain.entry(frame, r));
      y.put(r * canvas.width, row, 0, canvas.width);
    }
    tintGlare();
    for (int r = 0; r < canvas.chromaHeight; r++) {
      developChroma(r, canvas.cb, cellCb, chromaGrain.entry(frame, r));
      u.put(r * canvas.chromaWidth, row, 0, canvas.chromaWidth);
      developChroma(r, canvas.cr, cellCr, chromaGrain.entry(frame, r + canvas.height));
      v.put(r * canvas.chromaWidth, row, 0, canvas.chromaWidth);
    }
  }

  /** Bilinear interpolation of the glare grid to one row of pixels. */
  private void spreadGlare(int r) {
    int shift = glare.cellShift;
    int size = 1 << shift;
    int base = (r >> shift) * glare.columns;
    float down = ((r & (size - 1)) + 0.5f) / size;
    int from = at(base, down);
    for (int c = 0; c + 1 < glare.columns; c++) {
      int to = at(base + c + 1, down);
      int step = (to - from) >> shift;
      int x = c << shift;
      int value = from + (step >> 1);
      for (int k = 0; k < size; k++) {
        rowGlare[x + k] = value >> 8;
        value += step;
      }
      from = to;
    }
  }

  private int at(int cell, float down) {
    float top = glare.level[cell];
    float bottom = glare.level[cell + glare.columns];
    return (int) (Math.min(Canvas.MAX_LEVEL, top + (bottom - top) * down) * 256);
  }

  /** Level and glare sum to less than the table's length; tones leave room for the grain. */
  private void developLuma(int r, int entry) {
    int base = r * canvas.width;
    short[] level = canvas.level;
    byte[] noise = lumaGrain.tile;
    for (int x = 0; x < canvas.width; x++) {
      int light = (level[base + x] + rowGlare[x]) & Tone.MASK;
      row[x] = (byte) (tone[light] + noise[entry + x]);
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
        cellCb[i] = (byte) Math.max(-100, Math.min(100, glare.cb[i] * weight));
        cellCr[i] = (byte) Math.max(-100, Math.min(100, glare.cr[i] * weight));
      }
    }
  }

  private void developChroma(int r, byte[] paint, byte[] cells, int entry) {
    int shift = glare.cellShift - 1;
    int base = r * canvas.chromaWidth;
    int cellBase = (r >> shift) * glare.columns;
    byte[] noise = chromaGrain.tile;
    for (int x = 0; x < canvas.chromaWidth; x++) {
      int c = paint[base + x] + cells[cellBase + (x >> shift)];
      row[x] = (byte) (128 + Math.max(-110, Math.min(110, c)) + noise[entry + x]);
    }
  }
}

package dev.nightfuse.camera.simulated;

import java.util.Arrays;

/** Sky with the town's glow, and far buildings at the end of the street. */
final class Backdrop {

  private static final int BLOCKS = 30;

  private final long seed;
  private final Eye eye;
  private final Canvas canvas;

  Backdrop(long seed, Eye eye, Canvas canvas) {
    this.seed = seed;
    this.eye = eye;
    this.canvas = canvas;
  }

  void paint() {
    int last = Math.min(canvas.height, (int) Math.ceil(eye.horizonY + 1));
    for (int row = 0; row < last; row++) {
      float up = Math.max(0, (eye.horizonY - row) / eye.focalPx);
      float glow = 1 / (1 + up * up * 60);
      canvas.surface(
          1,
          9 + 26 * glow,
          (int) (14 - 20 * glow),
          (int) (-5 + 12 * glow),
          Thermal.SKY + (Thermal.SKY_HORIZON - Thermal.SKY) * glow,
          0);
      int base = row * canvas.width;
      Arrays.fill(canvas.level, base, base + canvas.width, (short) canvas.ink);
      canvas.chroma(row, 0, canvas.width);
    }
    for (int i = 0; i < BLOCKS; i++) {
      paintBlock(i);
    }
  }

  private void paintBlock(int i) {
    long h = Hash.of(seed, 80, i);
    float angle = -0.75f + 1.5f * (i + Hash.unit(h, 0)) / BLOCKS;
    float x = eye.aheadX + angle * eye.focalPx;
    float wide = Hash.range(h, 1, 0.025f, 0.07f) * eye.focalPx;
    float tall = Hash.range(h, 2, 0.02f, 0.11f) * eye.focalPx;
    float left = x - wide / 2;
    if (left > canvas.width || left + wide < 0) {
      return;
    }
    canvas.surface(1, 11 + 8 * Hash.unit(h, 3), -4, 3, 4.2f + 1.6f * Hash.unit(h, 3), 0);
    canvas.rect(left, eye.horizonY - tall, left + wide, eye.horizonY + 1);
    if (canvas.infrared) {
      return;
    }
    float cell = eye.focalPx * 0.0075f;
    int columns = (int) (wide / cell) - 1;
    int rows = (int) (tall / cell) - 1;
    for (int c = 0; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        long w = Hash.of(seed, 81 + i, c * 64L + r);
        if (Hash.unit(w, 0) < 0.16f) {
          canvas.glowing(Hash.range(w, 1, 60, 330), -26, 12, 5, 0);
          float wx = left + (c + 0.8f) * cell;
          float wy = eye.horizonY - tall + (r + 0.7f) * cell;
          canvas.rect(wx, wy, wx + cell * 0.5f, wy + Math.max(1, cell * 0.5f));
        }
      }
    }
  }
}

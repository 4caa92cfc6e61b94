package dev.nightfuse.engine.model;

import java.nio.ByteBuffer;

/**
 * A pair of pictures by formula, as camera planes: smooth shades, texture, edges and a warm disc.
 * The same on every machine, so that backends and precisions are compared on equal input.
 *
 * @param y visible luma
 * @param u visible chroma, half size
 * @param v visible chroma, half size
 * @param infrared thermal picture
 */
record FormulaPair(
    int widthPx, int heightPx, ByteBuffer y, ByteBuffer u, ByteBuffer v, ByteBuffer infrared) {

  /** Different pairs for different numbers. */
  static FormulaPair of(int widthPx, int heightPx, int number) {
    ByteBuffer y = direct(widthPx * heightPx);
    ByteBuffer infrared = direct(widthPx * heightPx);
    int radius = Math.max(2, Math.min(heightPx, widthPx) / 5);
    for (int row = 0; row < heightPx; row++) {
      for (int column = 0; column < widthPx; column++) {
        int x = column + 37 * number;
        int shade = 16 + 150 * row / heightPx;
        int texture = (7 * x + 3 * row + x * row / 5) % 256 / 8;
        int edge = (x / 24 + row / 40) % 3 == 0 ? 30 : 0;
        y.put(row * widthPx + column, (byte) Math.min(235, shade + texture + edge));
        int dx = column - widthPx / 3;
        int dy = row - heightPx / 2;
        boolean warm = dx * dx + dy * dy < radius * radius;
        int heat =
            warm ? 215 + (x + row) % 25 : 40 + 80 * column / widthPx + (3 * x + 5 * row) % 16;
        infrared.put(row * widthPx + column, (byte) heat);
      }
    }
    int halfWidth = (widthPx + 1) / 2;
    int halfHeight = (heightPx + 1) / 2;
    ByteBuffer u = direct(halfWidth * halfHeight);
    ByteBuffer v = direct(halfWidth * halfHeight);
    for (int row = 0; row < halfHeight; row++) {
      for (int column = 0; column < halfWidth; column++) {
        u.put(row * halfWidth + column, (byte) (100 + 56 * column / halfWidth));
        v.put(row * halfWidth + column, (byte) (150 - 50 * row / halfHeight + number % 8));
      }
    }
    return new FormulaPair(widthPx, heightPx, y, u, v, infrared);
  }

  static ByteBuffer direct(int sizeBytes) {
    return ByteBuffer.allocateDirect(sizeBytes);
  }
}

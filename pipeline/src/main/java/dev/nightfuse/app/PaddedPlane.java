package dev.nightfuse.app;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A plane and its copy with sides that a model can take: the last column and row are repeated to
 * the right and below. Both are the same buffer where the sides fit already.
 */
final class PaddedPlane {

  private final int widthPx;
  private final int heightPx;
  private final int paddedWidthPx;
  private final boolean fits;
  private final ByteBuffer tight;
  private final ByteBuffer padded;

  PaddedPlane(int widthPx, int heightPx, int paddedWidthPx, int paddedHeightPx) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.paddedWidthPx = paddedWidthPx;
    tight = direct(widthPx * heightPx);
    fits = widthPx == paddedWidthPx && heightPx == paddedHeightPx;
    padded = fits ? tight : direct(paddedWidthPx * paddedHeightPx);
  }

  static int up(int side, int multiple) {
    return (side + multiple - 1) / multiple * multiple;
  }

  static ByteBuffer direct(int sizeBytes) {
    return ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.nativeOrder());
  }

  /** The picture's own pixels. */
  ByteBuffer tight() {
    return tight;
  }

  /** What the model reads or writes. */
  ByteBuffer padded() {
    return padded;
  }

  /** Tight to padded. */
  void extend() {
    if (fits) {
      return;
    }
    int paddedHeightPx = padded.capacity() / paddedWidthPx;
    for (int y = 0; y < paddedHeightPx; y++) {
      int row = Math.min(y, heightPx - 1) * widthPx;
      padded.put(y * paddedWidthPx, tight, row, widthPx);
      for (int x = widthPx; x < paddedWidthPx; x++) {
        padded.put(y * paddedWidthPx + x, tight.get(row + widthPx - 1));
      }
    }
  }

  /** Padded to tight. */
  void crop() {
    if (fits) {
      return;
    }
    for (int y = 0; y < heightPx; y++) {
      tight.put(y * widthPx, padded, y * paddedWidthPx, widthPx);
    }
  }
}

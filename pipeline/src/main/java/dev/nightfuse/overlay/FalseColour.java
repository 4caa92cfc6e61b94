package dev.nightfuse.overlay;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import java.nio.ByteBuffer;

/**
 * Paints a thermal plane in the colours of a palette. Rows go through small arrays, which is faster
 * than single bytes of a direct buffer. One thread at a time.
 */
final class FalseColour {

  private final ThermalPalette palette;
  private final byte[] luma = new byte[256];
  private final byte[] chromaU = new byte[256];
  private final byte[] chromaV = new byte[256];
  private byte[] upper = new byte[0];
  private byte[] lower = new byte[0];
  private byte[] line = new byte[0];

  FalseColour(ThermalPalette palette) {
    this.palette = palette;
    for (int value = 0; value < 256; value++) {
      Yuv colour = Yuv.ofRgb(palette.rgb(value));
      luma[value] = (byte) colour.y();
      chromaU[value] = (byte) colour.u();
      chromaV[value] = (byte) colour.v();
    }
  }

  ThermalPalette palette() {
    return palette;
  }

  /**
   * Paints all of a thermal plane of {@code widthPx x heightPx} into {@code target} at an even
   * position. Bounds: rows are read below {@code heightPx}; the caller's rectangle lies within the
   * target, and its chroma is at half the position, half the size rounded up.
   */
  void paint(ByteBuffer thermal, int widthPx, int heightPx, Frame target, int leftPx, int topPx) {
    if (upper.length < widthPx) {
      upper = new byte[widthPx];
      lower = new byte[widthPx];
      line = new byte[widthPx];
    }
    FrameFormat format = target.format();
    int lumaStride = format.widthPx();
    int chromaStride = format.planeWidth(1);
    ByteBuffer y = target.plane(0);
    for (int row = 0; row < heightPx; row += 2) {
      boolean pair = row + 1 < heightPx;
      thermal.get(row * widthPx, upper, 0, widthPx);
      lookUp(luma, upper, widthPx);
      y.put((topPx + row) * lumaStride + leftPx, line, 0, widthPx);
      if (pair) {
        thermal.get((row + 1) * widthPx, lower, 0, widthPx);
        lookUp(luma, lower, widthPx);
        y.put((topPx + row + 1) * lumaStride + leftPx, line, 0, widthPx);
      }
      int chromaWidth = averageInto(upper, pair ? lower : upper, widthPx);
      int at = ((topPx + row) / 2) * chromaStride + leftPx / 2;
      lookUp(chromaU, upper, chromaWidth);
      target.plane(1).put(at, line, 0, chromaWidth);
      lookUp(chromaV, upper, chromaWidth);
      target.plane(2).put(at, line, 0, chromaWidth);
    }
  }

  private void lookUp(byte[] table, byte[] values, int length) {
    for (int i = 0; i < length; i++) {
      line[i] = table[values[i] & 0xff];
    }
  }

  /** Means of 2x2 thermal values, left in the first part of {@code a}; gives their number. */
  private static int averageInto(byte[] a, byte[] b, int widthPx) {
    int pairs = widthPx / 2;
    for (int i = 0; i < pairs; i++) {
      int sum =
          (a[2 * i] & 0xff) + (a[2 * i + 1] & 0xff) + (b[2 * i] & 0xff) + (b[2 * i + 1] & 0xff);
      a[i] = (byte) ((sum + 2) >> 2);
    }
    if ((widthPx & 1) != 0) {
      a[pairs] = (byte) (((a[widthPx - 1] & 0xff) + (b[widthPx - 1] & 0xff) + 1) >> 1);
      pairs++;
    }
    return pairs;
  }
}

package dev.nightfuse.overlay;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;

/**
 * Three pictures in one, none of them distorted: fused at full size, the two cameras at half size
 * beside it, one above the other.
 *
 * <pre>
 *   +----------------+--------+
 *   |                |visible |
 *   |     fused      +--------+    640x480 becomes 960x480,
 *   |                |thermal |    1280x720 becomes 1920x720
 *   +----------------+--------+
 * </pre>
 *
 * One thread at a time.
 */
final class SideBySide {

  private final FrameFormat source;
  private final int widthPx;
  private final int heightPx;
  private final int halfWidthPx;
  private final int halfHeightPx;
  private final FrameFormat format;
  private final ByteBuffer halfThermal;
  private final byte[] upper;
  private final byte[] lower;

  SideBySide(FrameFormat source) {
    this.source = source;
    this.widthPx = source.widthPx() & ~1;
    this.heightPx = source.heightPx() & ~1;
    this.halfWidthPx = (widthPx / 2) & ~1;
    this.halfHeightPx = (heightPx / 2) & ~1;
    this.format = new FrameFormat(PixelFormat.I420, widthPx + halfWidthPx, heightPx);
    this.halfThermal = ByteBuffer.allocateDirect(halfWidthPx * halfHeightPx);
    this.upper = new byte[source.widthPx()];
    this.lower = new byte[source.widthPx()];
  }

  FrameFormat format() {
    return format;
  }

  boolean isFor(FrameFormat picture) {
    return source.equals(picture);
  }

  /** Whether the panels leave nothing free. */
  boolean fills() {
    return 2 * halfHeightPx == heightPx;
  }

  int rightPx() {
    return widthPx;
  }

  int middlePx() {
    return halfHeightPx;
  }

  void drawFused(Frame fused, Frame target) {
    for (int plane = 0; plane < 3; plane++) {
      int shift = plane == 0 ? 0 : 1;
      int from = fused.format().planeWidth(plane);
      int to = target.format().planeWidth(plane);
      for (int row = 0; row < heightPx >> shift; row++) {
        target.plane(plane).put(row * to, fused.plane(plane), row * from, widthPx >> shift);
      }
    }
  }

  void drawVisible(Frame visible, Frame target) {
    for (int plane = 0; plane < 3; plane++) {
      int shift = plane == 0 ? 0 : 1;
      halve(
          visible.plane(plane),
          visible.format().planeWidth(plane),
          visible.format().planeHeight(plane),
          target.plane(plane),
          target.format().planeWidth(plane),
          widthPx >> shift,
          halfWidthPx >> shift,
          halfHeightPx >> shift);
    }
  }

  void drawThermal(Frame thermal, FalseColour colours, Frame target) {
    halve(
        thermal.plane(0),
        thermal.format().widthPx(),
        thermal.format().heightPx(),
        halfThermal,
        halfWidthPx,
        0,
        halfWidthPx,
        halfHeightPx);
    colours.paint(halfThermal, halfWidthPx, halfHeightPx, target, widthPx, halfHeightPx);
  }

  /**
   * Means of 2x2 samples. Bounds: the half sizes are at most half of the source plane, rounded up;
   * the last column and row are repeated where the source has an odd one.
   */
  private void halve(
      ByteBuffer source,
      int sourceWidth,
      int sourceHeight,
      ByteBuffer target,
      int targetStride,
      int targetLeft,
      int width,
      int height) {
    int pairs = Math.min(width, sourceWidth / 2);
    for (int row = 0; row < height; row++) {
      source.get(2 * row * sourceWidth, upper, 0, sourceWidth);
      int next = Math.min(2 * row + 1, sourceHeight - 1);
      source.get(next * sourceWidth, lower, 0, sourceWidth);
      for (int i = 0; i < pairs; i++) {
        int sum =
            (upper[2 * i] & 0xff)
                + (upper[2 * i + 1] & 0xff)
                + (lower[2 * i] & 0xff)
                + (lower[2 * i + 1] & 0xff);
        upper[i] = (byte) ((sum + 2) >> 2);
      }
      target.put(row * targetStride + targetLeft, upper, 0, pairs);
    }
  }
}

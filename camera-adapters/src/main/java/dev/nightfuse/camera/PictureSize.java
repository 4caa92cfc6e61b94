package dev.nightfuse.camera;

import dev.nightfuse.frame.FrameFormat;

/**
 * Width and height that were asked for, within what a frame can hold.
 *
 * @param widthPx 16 to 8192
 * @param heightPx 16 to 8192
 */
public record PictureSize(int widthPx, int heightPx) {

  public PictureSize {
    int min = FrameFormat.MIN_SIDE_PX;
    int max = FrameFormat.MAX_SIDE_PX;
    if (widthPx < min || widthPx > max || heightPx < min || heightPx > max) {
      throw new IllegalArgumentException("%d to %d pixels a side".formatted(min, max));
    }
  }

  @Override
  public String toString() {
    return widthPx + "x" + heightPx;
  }
}

package dev.nightfuse.overlay;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes a line of text onto an I420 picture: white on a darkened, colourless box. One thread at a
 * time.
 */
final class TextBox {

  private static final int ROWS_PER_DOT = 240;
  private static final int BLACK = 16;
  private static final byte WHITE = (byte) 235;
  private static final byte NEUTRAL = (byte) 128;

  private final Font font = new Font();
  private byte[] line = new byte[0];

  /** Picture pixels per dot of the font: readable at the height, 2 at 480 rows and 3 at 720. */
  static int scaleFor(int heightPx) {
    return Math.max(1, heightPx / ROWS_PER_DOT);
  }

  static int heightPx(int scale) {
    return even((Font.HEIGHT + 4) * scale);
  }

  static int widthPx(String text, int scale) {
    return even((text.length() * Font.ADVANCE + 3) * scale);
  }

  /**
   * Draws at an even position; what does not fit is cut off. Bounds: the box is clipped to the
   * rectangle from its corner to the picture's even size, and dots are drawn into the box only.
   */
  void draw(String text, Frame target, int leftPx, int topPx, int scale) {
    FrameFormat format = target.format();
    int width = Math.min(widthPx(text, scale), (format.widthPx() & ~1) - leftPx);
    int height = Math.min(heightPx(scale), (format.heightPx() & ~1) - topPx);
    if (width <= 0 || height <= 0) {
      return;
    }
    if (line.length < width) {
      line = new byte[width];
    }
    ByteBuffer luma = target.plane(0);
    for (int row = 0; row < height; row++) {
      int at = (topPx + row) * format.widthPx() + leftPx;
      luma.get(at, line, 0, width);
      for (int x = 0; x < width; x++) {
        line[x] = (byte) (BLACK + (Math.max(0, (line[x] & 0xff) - BLACK) >> 2));
      }
      int dotRow = Math.floorDiv(row, scale) - 2;
      if (dotRow >= 0 && dotRow < Font.HEIGHT) {
        drawDots(text, dotRow, width, scale);
      }
      luma.put(at, line, 0, width);
    }
    Arrays.fill(line, 0, width / 2, NEUTRAL);
    int chromaStride = format.planeWidth(1);
    for (int row = 0; row < height / 2; row++) {
      int at = (topPx / 2 + row) * chromaStride + leftPx / 2;
      target.plane(1).put(at, line, 0, width / 2);
      target.plane(2).put(at, line, 0, width / 2);
    }
  }

  private void drawDots(String text, int dotRow, int width, int scale) {
    for (int i = 0; i < text.length(); i++) {
      int dots = font.dots(text.charAt(i), dotRow);
      for (int dot = 0; dot < Font.WIDTH; dot++) {
        if ((dots >> (Font.WIDTH - 1 - dot) & 1) != 0) {
          int from = (2 + i * Font.ADVANCE + dot) * scale;
          Arrays.fill(line, Math.min(from, width), Math.min(from + scale, width), WHITE);
        }
      }
    }
  }

  private static int even(int value) {
    return (value + 1) & ~1;
  }
}

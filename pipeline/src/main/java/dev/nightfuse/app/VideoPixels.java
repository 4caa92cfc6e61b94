package dev.nightfuse.app;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;

/** Video frames as pictures for files; off the live path. */
final class VideoPixels {

  private VideoPixels() {}

  /** BT.601 limited-range I420 as RGB; each chroma sample counts for its four pixels. */
  static BufferedImage colour(Frame frame) {
    FrameFormat format = frame.format();
    int width = format.widthPx();
    ByteBuffer luma = frame.plane(0);
    ByteBuffer u = frame.plane(1);
    ByteBuffer v = frame.plane(2);
    BufferedImage image = new BufferedImage(width, format.heightPx(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < format.heightPx(); y++) {
      int chromaRow = y / 2 * format.planeWidth(1);
      for (int x = 0; x < width; x++) {
        double level = ((luma.get(y * width + x) & 0xff) - 16) * 255.0 / 219;
        double cb = ((u.get(chromaRow + x / 2) & 0xff) - 128) * 255.0 / 224;
        double cr = ((v.get(chromaRow + x / 2) & 0xff) - 128) * 255.0 / 224;
        int red = level(level + 1.402 * cr);
        int green = level(level - 0.344136 * cb - 0.714136 * cr);
        int blue = level(level + 1.772 * cb);
        row[x] = red << 16 | green << 8 | blue;
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  /** One byte for each pixel, rows tight, stored as it is. */
  static BufferedImage grey(byte[] levels, int widthPx) {
    int height = levels.length / widthPx;
    BufferedImage image = new BufferedImage(widthPx, height, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, widthPx, height, levels);
    return image;
  }

  private static int level(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}

package dev.nightfuse.overlay;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Frames from image files and to image files, so that pictures can be looked at. */
final class Pictures {

  private Pictures() {}

  static Frame blank(FrameFormat format) {
    Frame frame = new FramePool(format, 1).tryBorrow();
    if (frame == null) {
      throw new AssertionError("a fresh pool is empty");
    }
    return frame;
  }

  static Frame i420(int widthPx, int heightPx, int y, int u, int v) {
    Frame frame = blank(new FrameFormat(PixelFormat.I420, widthPx, heightPx));
    fill(frame, 0, y);
    fill(frame, 1, u);
    fill(frame, 2, v);
    return frame;
  }

  static Frame gray(int widthPx, int heightPx, int value) {
    Frame frame = blank(new FrameFormat(PixelFormat.GRAY8, widthPx, heightPx));
    fill(frame, 0, value);
    return frame;
  }

  static void fill(Frame frame, int plane, int value) {
    for (int i = 0; i < frame.format().planeSizeBytes(plane); i++) {
      frame.plane(plane).put(i, (byte) value);
    }
  }

  static int at(Frame frame, int plane, int x, int y) {
    return frame.plane(plane).get(y * frame.format().planeWidth(plane) + x) & 0xff;
  }

  static void set(Frame frame, int plane, int x, int y, int value) {
    frame.plane(plane).put(y * frame.format().planeWidth(plane) + x, (byte) value);
  }

  static Frame loadVisible(Path file) {
    BufferedImage image = load(file);
    int width = image.getWidth();
    int height = image.getHeight();
    Frame frame = i420(width, height, 16, 128, 128);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        Yuv colour = Yuv.ofRgb(image.getRGB(x, y) & 0xffffff);
        set(frame, 0, x, y, colour.y());
        set(frame, 1, x / 2, y / 2, colour.u());
        set(frame, 2, x / 2, y / 2, colour.v());
      }
    }
    return frame;
  }

  static Frame loadGray(Path file) {
    BufferedImage image = load(file);
    Frame frame = gray(image.getWidth(), image.getHeight(), 0);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        set(frame, 0, x, y, image.getRaster().getSample(x, y, 0));
      }
    }
    return frame;
  }

  private static BufferedImage load(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw new IOException("not a picture: " + file);
      }
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void save(Frame i420, Path file) throws IOException {
    FrameFormat format = i420.format();
    BufferedImage image =
        new BufferedImage(format.widthPx(), format.heightPx(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < format.heightPx(); y++) {
      for (int x = 0; x < format.widthPx(); x++) {
        double luma = 1.164383 * (at(i420, 0, x, y) - 16);
        double u = at(i420, 1, x / 2, y / 2) - 128;
        double v = at(i420, 2, x / 2, y / 2) - 128;
        int r = clamp(luma + 1.596027 * v);
        int g = clamp(luma - 0.391762 * u - 0.812968 * v);
        int b = clamp(luma + 2.017232 * u);
        image.setRGB(x, y, r << 16 | g << 8 | b);
      }
    }
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    File target = file.toFile();
    ImageIO.write(image, "png", target);
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}

package dev.nightfuse.app;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Small JPEG pictures of a pair for the report. One thread. */
final class EvaluatePictures {

  private static final int WIDTH_PX = 320;

  private final boolean wanted;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  EvaluatePictures(boolean wanted) {
    this.wanted = wanted;
  }

  void add(String caption, BufferedImage image) {
    if (!wanted) {
      return;
    }
    int width = Math.min(WIDTH_PX, image.getWidth());
    int height = Math.max(1, width * image.getHeight() / image.getWidth());
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    try {
      ImageIO.write(small, "jpeg", jpeg);
    } catch (IOException e) {
      throw new UncheckedIOException("a picture in memory cannot be encoded", e);
    }
    files.put(caption, jpeg.toByteArray());
  }

  /** The picture, and once more tinted by class. */
  void add(String caption, BufferedImage image, byte[] labels, List<Integer> palette) {
    add(caption, image);
    if (!wanted) {
      return;
    }
    int width = image.getWidth();
    BufferedImage tinted = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      int rgb = image.getRGB(i % width, i / width);
      int mixed = label == 0 ? rgb : half(rgb) + half(palette.get(label));
      tinted.setRGB(i % width, i / width, mixed);
    }
    add(caption + ": classes", tinted);
  }

  private static int half(int rgb) {
    return rgb >> 1 & 0x7f7f7f;
  }

  Map<String, byte[]> files() {
    return files;
  }
}

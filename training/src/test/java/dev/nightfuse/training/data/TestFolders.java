package dev.nightfuse.training.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;

/** Picture files by formulas of x and y. */
final class TestFolders {

  private TestFolders() {}

  static Path grey(Path file, int width, int height, IntBinaryOperator level) throws IOException {
    IntBinaryOperator stored = (x, y) -> level.applyAsInt(x, y) & 0xff;
    return grey(file, new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), stored);
  }

  /** 16 bits, as raw thermal pictures have them. */
  static Path counts(Path file, int width, int height, IntBinaryOperator count) throws IOException {
    return grey(file, new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY), count);
  }

  private static Path grey(Path file, BufferedImage image, IntBinaryOperator stored)
      throws IOException {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.getRaster().setSample(x, y, 0, stored.applyAsInt(x, y));
      }
    }
    return write(file, image);
  }

  /** Formula of 0xAARRGGBB. */
  static Path colour(Path file, int width, int height, boolean alpha, IntBinaryOperator argb)
      throws IOException {
    BufferedImage image =
        new BufferedImage(
            width, height, alpha ? BufferedImage.TYPE_4BYTE_ABGR : BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, argb.applyAsInt(x, y));
      }
    }
    return write(file, image);
  }

  private static Path write(Path file, BufferedImage image) throws IOException {
    Files.createDirectories(file.getParent());
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("no PNG writer");
    }
    return file;
  }

  /** A sample whose levels tell where they come from. */
  static TrainingSample gradient(String name, int width, int height) {
    int pixels = width * height;
    byte[] rgb = new byte[3 * pixels];
    byte[] infrared = new byte[pixels];
    byte[] labels = new byte[pixels];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        rgb[i] = (byte) (20 + x);
        rgb[pixels + i] = (byte) (20 + y);
        rgb[2 * pixels + i] = 99;
        infrared[i] = (byte) (20 + x);
        labels[i] = (byte) (x / 16 % 2 == 0 ? 1 : 2);
      }
    }
    return new TrainingSample(
        name,
        width,
        height,
        rgb,
        infrared,
        labels,
        java.util.List.of(new TrainingSample.Box(2, 16, 10, 32, 40)));
  }

  /** Samples in memory. */
  static PairDataset numbered(int size) {
    return new PairDataset() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public String name(int index) {
        return "n" + index;
      }

      @Override
      public TrainingSample load(int index) {
        return gradient(name(index), 96, 64);
      }
    };
  }
}

package dev.nightfuse.training.teacher;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * Class probabilities at half the size of the picture, kept as one grey PNG: the classes' maps one
 * below the other, 255 for certainty.
 *
 * @param levels {@code [classes, height, width]}
 */
public record SoftLabels(int classes, int widthPx, int heightPx, byte[] levels) {

  /** From probabilities at full size; the mean of four pixels counts. Sides must be even. */
  static SoftLabels halved(float[] probabilities, int classes, int widthPx, int heightPx) {
    int width = widthPx / 2;
    int height = heightPx / 2;
    byte[] levels = new byte[classes * width * height];
    for (int c = 0; c < classes; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int at = (c * heightPx + 2 * y) * widthPx + 2 * x;
          float sum =
              probabilities[at]
                  + probabilities[at + 1]
                  + probabilities[at + widthPx]
                  + probabilities[at + widthPx + 1];
          levels[(c * height + y) * width + x] = (byte) Math.round(sum * 255 / 4);
        }
      }
    }
    return new SoftLabels(classes, width, height, levels);
  }

  /** 0 to 1, at a pixel of the full picture; the nearest value counts. */
  double at(int label, int x, int y) {
    int column = Math.min(x / 2, widthPx - 1);
    int row = Math.min(y / 2, heightPx - 1);
    return (levels[(label * heightPx + row) * widthPx + column] & 0xff) / 255.0;
  }

  /** The likeliest class of each pixel of the full picture. */
  byte[] likeliest(int fullWidthPx, int fullHeightPx) {
    byte[] labels = new byte[fullWidthPx * fullHeightPx];
    for (int i = 0; i < labels.length; i++) {
      int x = i % fullWidthPx;
      int y = i / fullWidthPx;
      for (int c = 1; c < classes; c++) {
        if (at(c, x, y) > at(labels[i], x, y)) {
          labels[i] = (byte) c;
        }
      }
    }
    return labels;
  }

  /**
   * @return null when there is no such file
   * @throws IOException when the file is no map of so many classes
   */
  public static @Nullable SoftLabels read(Path file, int classes) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    BufferedImage image = ImageIO.read(file.toFile());
    if (image == null
        || image.getType() != BufferedImage.TYPE_BYTE_GRAY
        || image.getHeight() % classes != 0) {
      throw new IOException("%s holds no maps of %d classes".formatted(file, classes));
    }
    byte[] levels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    return new SoftLabels(classes, image.getWidth(), image.getHeight() / classes, levels);
  }

  void write(Path file) throws IOException {
    writeGrey(file, widthPx, classes * heightPx, levels);
  }

  /** Writes a PNG that appears whole or not at all. */
  static void writeGrey(Path file, int widthPx, int heightPx, byte[] levels) throws IOException {
    BufferedImage image = new BufferedImage(widthPx, heightPx, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, widthPx, heightPx, levels);
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      if (!ImageIO.write(image, "png", partial.toFile())) {
        throw new IOException("this Java runtime has no PNG writer");
      }
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}

package dev.nightfuse.training;

import dev.nightfuse.training.data.TrainingSample;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Pictures of validation pairs: visible, infrared, fused and classes side by side. */
final class PreviewSheet {

  /** By class number, as MFNet's authors colour them. */
  private static final int[] PALETTE = {
    0x000000, 0x400080, 0x404000, 0x0080c0, 0x0000c0, 0x808000, 0x404080, 0xc08080, 0xc04000
  };

  private PreviewSheet() {}

  /** The middle part of a pair. */
  static TrainingSample cut(TrainingSample sample, int widthPx, int heightPx) {
    if (sample.widthPx() == widthPx && sample.heightPx() == heightPx) {
      return sample;
    }
    int pixels = sample.widthPx() * sample.heightPx();
    byte[] rgb = new byte[3 * widthPx * heightPx];
    for (int c = 0; c < 3; c++) {
      byte[] plane = Arrays.copyOfRange(sample.visibleRgb(), c * pixels, (c + 1) * pixels);
      System.arraycopy(
          middle(plane, sample, widthPx, heightPx),
          0,
          rgb,
          c * widthPx * heightPx,
          widthPx * heightPx);
    }
    byte[] labels = sample.labels();
    return new TrainingSample(
        sample.name(),
        widthPx,
        heightPx,
        rgb,
        middle(sample.infrared(), sample, widthPx, heightPx),
        labels == null ? null : middle(labels, sample, widthPx, heightPx),
        null);
  }

  private static byte[] middle(byte[] plane, TrainingSample whole, int widthPx, int heightPx) {
    int left = (whole.widthPx() - widthPx) / 2;
    int top = (whole.heightPx() - heightPx) / 2;
    byte[] part = new byte[widthPx * heightPx];
    for (int y = 0; y < heightPx; y++) {
      System.arraycopy(plane, (top + y) * whole.widthPx() + left, part, y * widthPx, widthPx);
    }
    return part;
  }

  /** As the evaluation rounds it. */
  static byte[] luma(TrainingSample sample) {
    int pixels = sample.widthPx() * sample.heightPx();
    byte[] rgb = sample.visibleRgb();
    byte[] luma = new byte[pixels];
    for (int i = 0; i < pixels; i++) {
      double y =
          0.299 * (rgb[i] & 0xff)
              + 0.587 * (rgb[pixels + i] & 0xff)
              + 0.114 * (rgb[2 * pixels + i] & 0xff);
      luma[i] = (byte) Math.rint(y);
    }
    return luma;
  }

  static void write(Path file, TrainingSample pair, Recipe.Picture result) throws IOException {
    int width = pair.widthPx();
    int height = pair.heightPx();
    int pixels = width * height;
    BufferedImage sheet = new BufferedImage(2 * width, 2 * height, BufferedImage.TYPE_INT_RGB);
    byte[] rgb = pair.visibleRgb();
    byte[] labels = result.labels();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        sheet.setRGB(
            x,
            y,
            ((rgb[i] & 0xff) << 16)
                | ((rgb[pixels + i] & 0xff) << 8)
                | (rgb[2 * pixels + i] & 0xff));
        sheet.setRGB(x + width, y, grey(pair.infrared()[i]));
        sheet.setRGB(x, y + height, grey(result.fused()[i]));
        sheet.setRGB(
            x + width,
            y + height,
            labels == null ? 0 : PALETTE[(labels[i] & 0xff) % PALETTE.length]);
      }
    }
    ImageIO.write(sheet, "png", file.toFile());
  }

  private static int grey(byte level) {
    return 0x010101 * (level & 0xff);
  }
}

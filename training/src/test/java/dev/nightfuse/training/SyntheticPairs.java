package dev.nightfuse.training;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * A folder of small pairs: a textured ground, a warm disc that only thermal sees, its label map.
 */
final class SyntheticPairs {

  static final int SIDE = 64;
  private static final int PERSON = 2;

  private SyntheticPairs() {}

  static void write(Path folder, int count) throws IOException {
    for (String name : new String[] {"visible", "infrared", "labels"}) {
      Files.createDirectories(folder.resolve(name));
    }
    for (int i = 0; i < count; i++) {
      BufferedImage visible = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      BufferedImage infrared = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
      BufferedImage labels = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int dx = x - 16 - 10 * i;
          int dy = y - 40 + 5 * i;
          boolean warm = dx * dx + dy * dy < 121;
          int ground = 70 + (x / 8 + y / 8 + i) % 2 * 60 + x;
          visible.setRGB(x, y, (ground << 16) | ((ground / 2) << 8) | 40);
          infrared.getRaster().setSample(x, y, 0, warm ? 230 : 50 + y / 2);
          labels.getRaster().setSample(x, y, 0, warm ? PERSON : 0);
        }
      }
      ImageIO.write(visible, "png", folder.resolve("visible/%02d.png".formatted(i)).toFile());
      ImageIO.write(infrared, "png", folder.resolve("infrared/%02d.png".formatted(i)).toFile());
      ImageIO.write(labels, "png", folder.resolve("labels/%02d.png".formatted(i)).toFile());
    }
  }
}

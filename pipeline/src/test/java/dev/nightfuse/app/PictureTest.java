package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PictureTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "png, 10, 1", // TYPE_BYTE_GRAY
    "bmp, 10, 1",
    "png, 11, 257", // TYPE_USHORT_GRAY
    "png, 1, 65793", // TYPE_INT_RGB, all three channels
  })
  void luma_greyLevelsOfAnyKindOfFile_areThoseOfTheFile(String format, int type, int step)
      throws Exception {
    Path file = write(format, type, step);

    ByteBuffer plane = ByteBuffer.allocate(256);
    Picture.read(file).luma(plane);

    for (int level = 0; level < 256; level++) {
      assertEquals(level, plane.get(level) & 0xff, "level " + level);
    }
  }

  /** One row with every level. */
  private Path write(String format, int type, int step) throws IOException {
    BufferedImage image = new BufferedImage(256, 1, type);
    for (int level = 0; level < 256; level++) {
      if (type == BufferedImage.TYPE_INT_RGB) {
        image.setRGB(level, 0, level * step);
      } else {
        image.getRaster().setSample(level, 0, 0, level * step);
      }
    }
    Path file = folder.resolve("levels." + format);
    assertEquals(true, ImageIO.write(image, format, file.toFile()));
    return file;
  }
}

package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
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

  @Test
  void read_temperatures_isToldRatherThanFlat() throws Exception {
    Path file = folder.resolve("celsius.tiff");
    ColorModel numbers =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_FLOAT);
    WritableRaster raster = numbers.createCompatibleWritableRaster(8, 6);
    raster.setSample(3, 2, 0, 36.6f);
    ImageIO.write(new BufferedImage(numbers, raster, false, null), "tiff", file.toFile());

    UserErrorException told =
        assertThrows(UserErrorException.class, () -> Picture.readThermal(file));
    assertEquals(
        "image %s holds numbers of 32 bits, temperatures perhaps; levels and counts of up to 16 are read"
            .formatted(file),
        told.getMessage());
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

package dev.nightfuse.training.data;

import dev.nightfuse.engine.ThermalWindow;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * A decoded picture file: bytes in planes, levels as stored. Grey files stay as they are (the JDK's
 * colour management would brighten them), palettes are resolved, 16-bit levels are scaled to 8.
 *
 * @param planes one for grey, three for colour, four for colour with something in its alpha channel
 */
record PictureFile(int widthPx, int heightPx, byte[][] planes) {

  /**
   * @throws IOException when there is no such file or it is damaged; the message names it
   */
  static PictureFile read(Path file) throws IOException {
    return of(decode(file), false);
  }

  /**
   * A picture of a thermal camera. Raw counts of 16 bits, which use a small part of their range,
   * become grey as those of a live camera do.
   */
  static PictureFile readThermal(Path file) throws IOException {
    BufferedImage image = decode(file);
    boolean counts =
        image.getColorModel().getNumColorComponents() == 1
            && image.getColorModel().getComponentSize(0) == Short.SIZE;
    return counts ? toned(image) : of(image, false);
  }

  /** The first plane past any palette: label maps store class numbers there. */
  static PictureFile readIndices(Path file) throws IOException {
    return of(decode(file), true);
  }

  private static BufferedImage decode(Path file) throws IOException {
    @Nullable BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException | RuntimeException e) {
      // A damaged file makes the JDK's readers throw all kinds of runtime exceptions.
      throw new IOException("picture %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    if (image == null) {
      throw new IOException("picture %s is of no known kind".formatted(file));
    }
    int bits = image.getColorModel().getComponentSize(0);
    if (bits > Short.SIZE) {
      throw new IOException(
          "picture %s holds numbers of %d bits, temperatures perhaps; levels and counts of up to 16 are read"
              .formatted(file, bits));
    }
    return image;
  }

  private static PictureFile of(BufferedImage image, boolean indices) {
    int width = image.getWidth();
    int height = image.getHeight();
    if (!indices && image.getColorModel() instanceof IndexColorModel) {
      BufferedImage resolved = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          resolved.setRGB(x, y, image.getRGB(x, y));
        }
      }
      return of(resolved, false);
    }
    Raster raster = image.getRaster();
    int bands = indices ? 1 : raster.getNumBands();
    // Two bands are grey and alpha; the alpha of a grey file says nothing about the scene.
    byte[][] planes = new byte[bands == 2 ? 1 : bands][width * height];
    int[] row = new int[width];
    for (int band = 0; band < planes.length; band++) {
      int shift = indices ? 0 : Math.max(0, image.getSampleModel().getSampleSize(band) - 8);
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, band, row);
        for (int x = 0; x < width; x++) {
          planes[band][y * width + x] = (byte) (row[x] >> shift);
        }
      }
    }
    return new PictureFile(width, height, planes);
  }

  private static PictureFile toned(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    ByteBuffer counts = ByteBuffer.allocate(2 * width * height);
    for (int count : image.getRaster().getSamples(0, 0, width, height, 0, (int[]) null)) {
      counts.putShort((short) count);
    }
    byte[] levels = new byte[width * height];
    new ThermalWindow().map(counts, levels.length, ByteBuffer.wrap(levels));
    return new PictureFile(width, height, new byte[][] {levels});
  }

  /** Red, green and blue planes one after another; grey three times. */
  byte[] rgb() {
    int pixels = widthPx * heightPx;
    byte[] rgb = new byte[3 * pixels];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(planes[planes.length < 3 ? 0 : c], 0, rgb, c * pixels, pixels);
    }
    return rgb;
  }

  /** The grey plane, or the BT.601 luma of a colour file (many thermal files are stored as RGB). */
  byte[] grey() {
    if (planes.length < 3) {
      return planes[0];
    }
    return luma(rgb());
  }

  /** Full-range BT.601 luma of three planes one after another. */
  static byte[] luma(byte[] rgb) {
    int pixels = rgb.length / 3;
    byte[] grey = new byte[pixels];
    for (int i = 0; i < pixels; i++) {
      int sum =
          299 * (rgb[i] & 0xff)
              + 587 * (rgb[pixels + i] & 0xff)
              + 114 * (rgb[2 * pixels + i] & 0xff);
      grey[i] = (byte) ((sum + 500) / 1000);
    }
    return grey;
  }
}

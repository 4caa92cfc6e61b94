package dev.nightfuse.app;

import dev.nightfuse.engine.ThermalWindow;
import dev.nightfuse.engine.quality.GrayImage;
import dev.nightfuse.recording.DiskTrouble;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageOutputStream;

/**
 * A picture from a file, as planes for an engine; off the live path, so the JDK's own codecs and
 * the Java heap are good enough. Colour is BT.601; the luma of a file has full range (0 to 255),
 * unlike that of video.
 */
final class Picture {

  private final BufferedImage image;

  private Picture(BufferedImage image) {
    this.image = image;
  }

  static Picture read(Path file) throws UserErrorException {
    return read(decoded(file));
  }

  /**
   * A picture of a thermal camera. Raw counts of 16 bits, which use a small part of their range,
   * become grey as those of a live camera do.
   */
  static Picture readThermal(Path file) throws UserErrorException {
    BufferedImage image = decoded(file);
    boolean counts = isGrey(image) && image.getColorModel().getComponentSize(0) == Short.SIZE;
    return counts ? new Picture(toned(image)) : read(image);
  }

  private static Picture read(BufferedImage image) {
    return new Picture(isGrey(image) ? greys(image) : image);
  }

  private static BufferedImage decoded(Path file) throws UserErrorException {
    BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException | RuntimeException e) {
      // A damaged file makes the JDK's readers throw all kinds of runtime exceptions.
      throw new UserErrorException(
          ExitCode.NO_INPUT, "image %s cannot be read: %s".formatted(file, e.getMessage()));
    }
    if (image == null) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "image %s is of no known kind; png, jpg, tiff, bmp and gif are read".formatted(file));
    }
    int bits = image.getColorModel().getComponentSize(0);
    if (bits > Short.SIZE) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "image %s holds numbers of %d bits, temperatures perhaps; levels and counts of up to 16 are read"
              .formatted(file, bits));
    }
    return image;
  }

  private static boolean isGrey(BufferedImage image) {
    return image.getColorModel().getNumColorComponents() == 1;
  }

  /**
   * A grey picture with its own levels. The JDK takes grey files for linear light and would
   * brighten them on the way to RGB (11 becomes 59), so levels are read past its colour management.
   */
  private static BufferedImage greys(BufferedImage image) {
    int width = image.getWidth();
    int most = (1 << image.getColorModel().getComponentSize(0)) - 1;
    Raster raster = image.getRaster();
    BufferedImage result = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        result.setRGB(x, y, Math.round(row[x] * 255f / most) * 0x010101);
      }
    }
    return result;
  }

  private static BufferedImage toned(BufferedImage image) {
    int pixels = image.getWidth() * image.getHeight();
    ByteBuffer counts = ByteBuffer.allocate(2 * pixels).order(ByteOrder.LITTLE_ENDIAN);
    for (int count :
        image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null)) {
      counts.putShort((short) count);
    }
    byte[] levels = new byte[pixels];
    new ThermalWindow().map(counts, pixels, ByteBuffer.wrap(levels));
    return greys(VideoPixels.grey(levels, image.getWidth()));
  }

  int widthPx() {
    return image.getWidth();
  }

  int heightPx() {
    return image.getHeight();
  }

  /** Full-range luma into a tight plane; halves are rounded to even, as the field's metrics do. */
  void luma(ByteBuffer plane) {
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int x = 0; x < row.length; x++) {
        plane.put(y * row.length + x, (byte) Math.rint(lumaOf(row[x])));
      }
    }
  }

  /** Full-range luma as a grey picture. */
  GrayImage gray() {
    byte[] levels = new byte[widthPx() * heightPx()];
    luma(ByteBuffer.wrap(levels));
    return new GrayImage(widthPx(), heightPx(), levels);
  }

  BufferedImage image() {
    return image;
  }

  /** Luma of 16 to 235, as video has it. */
  void limitedLuma(ByteBuffer plane) {
    int width = image.getWidth();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < width; x++) {
        plane.put(y * width + x, (byte) Math.round(16 + lumaOf(image.getRGB(x, y)) * 219 / 255));
      }
    }
  }

  /** Chroma of I420, 16 to 240; each sample is the mean of its four pixels. */
  void chroma(ByteBuffer u, ByteBuffer v) {
    int width = image.getWidth();
    int height = image.getHeight();
    int chromaWidth = (width + 1) / 2;
    for (int y = 0; y < (height + 1) / 2; y++) {
      for (int x = 0; x < chromaWidth; x++) {
        double cb = 0;
        double cr = 0;
        for (int k = 0; k < 4; k++) {
          int rgb =
              image.getRGB(Math.min(2 * x + k % 2, width - 1), Math.min(2 * y + k / 2, height - 1));
          double l = lumaOf(rgb);
          cb += ((rgb & 0xff) - l) / 1.772;
          cr += ((rgb >> 16 & 0xff) - l) / 1.402;
        }
        u.put(y * chromaWidth + x, (byte) Math.round(128 + cb / 4 * 224 / 255));
        v.put(y * chromaWidth + x, (byte) Math.round(128 + cr / 4 * 224 / 255));
      }
    }
  }

  /** This picture with another luma: colour differences stay, at full resolution. */
  BufferedImage withLuma(ByteBuffer plane, boolean limitedRange) {
    int width = image.getWidth();
    BufferedImage result = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < width; x++) {
        int rgb = image.getRGB(x, y);
        double stored = plane.get(y * width + x) & 0xff;
        double luma = limitedRange ? (stored - 16) * 255 / 219 : stored;
        double change = luma - lumaOf(rgb);
        int red = clamp((rgb >> 16 & 0xff) + change);
        int green = clamp((rgb >> 8 & 0xff) + change);
        int blue = clamp((rgb & 0xff) + change);
        result.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return result;
  }

  private static double lumaOf(int rgb) {
    return (299 * (rgb >> 16 & 0xff) + 587 * (rgb >> 8 & 0xff) + 114 * (rgb & 0xff)) / 1000.0;
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  /** Writes a PNG that appears whole or not at all. */
  static void writePng(BufferedImage image, Path file) throws UserErrorException {
    writePngs(Map.of(file, image));
  }

  /** Writes PNGs that belong together: none appears before all are whole. */
  static void writePngs(Map<Path, BufferedImage> images) throws UserErrorException {
    Map<Path, Path> partials = new LinkedHashMap<>();
    Path file = Path.of("");
    try {
      try {
        for (Map.Entry<Path, BufferedImage> image : images.entrySet()) {
          file = image.getKey();
          Path partial = file.resolveSibling(file.getFileName() + ".partial");
          partials.put(file, partial);
          write(image.getValue(), partial);
        }
        for (Map.Entry<Path, Path> whole : partials.entrySet()) {
          file = whole.getKey();
          Files.move(whole.getValue(), file, StandardCopyOption.REPLACE_EXISTING);
        }
      } finally {
        for (Path partial : partials.values()) {
          Files.deleteIfExists(partial);
        }
      }
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, "picture %s cannot be written: %s".formatted(file, reason(e)));
    }
  }

  /** Not by ImageIO's own way to a file, which prints a stack trace where it may not write. */
  private static void write(BufferedImage image, Path file) throws IOException {
    Files.deleteIfExists(file);
    try (ImageOutputStream out = new FileImageOutputStream(file.toFile())) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("this Java runtime has no PNG writer");
      }
    }
  }

  /** The PNG writer hides what the disk said behind a message of its own. */
  private static String reason(IOException e) {
    return e.getCause() instanceof IOException disk ? reason(disk) : DiskTrouble.explained(e);
  }
}

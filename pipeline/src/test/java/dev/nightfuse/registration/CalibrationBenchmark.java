package dev.nightfuse.registration;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * How far {@link AutoCalibration} is off on real pairs: infrared pictures that lie on their visible
 * ones are brought out of place by a known homography, to 320x256, and found again. What the pairs
 * themselves are off counts as its error.
 *
 * <pre>
 *   java -cp ... dev.nightfuse.registration.CalibrationBenchmark FOLDER PREFIX PAIRS TRIALS
 * </pre>
 *
 * FOLDER holds {@code visible/} and {@code infrared/}; pairs whose names begin with PREFIX are
 * drawn.
 */
public final class CalibrationBenchmark {

  private static final int INFRARED_WIDTH = 320;
  private static final int INFRARED_HEIGHT = 256;
  private static final int PLACES = 5;

  private CalibrationBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int pairs = Integer.parseInt(arguments[2]);
    Random random = new Random(7);
    for (int trial = 0; trial < Integer.parseInt(arguments[3]); trial++) {
      List<String> names = names(folder.resolve("visible"), arguments[1]);
      Collections.shuffle(names, random);
      run(folder, names.subList(0, Math.min(pairs, names.size())), random);
    }
  }

  private static void run(Path folder, List<String> names, Random random) throws IOException {
    GrayPlane first = read(folder.resolve("visible").resolve(names.get(0)));
    Matrix3 truth = truth(first.width, first.height, random);
    AutoCalibration search =
        new AutoCalibration(INFRARED_WIDTH, INFRARED_HEIGHT, first.width, first.height);
    for (String name : names) {
      float[] moved =
          read(folder.resolve("infrared").resolve(name))
              .seenThrough(truth, INFRARED_WIDTH, INFRARED_HEIGHT);
      search.add(
          new AutoCalibration.Pair(
              bytes(read(folder.resolve("visible").resolve(name)).levels()), bytes(moved)));
    }
    AutoCalibration.Found found = search.find();
    Matrix3 homography = Matrix3.of(found.calibration().infraredToVisible());
    double sum = 0;
    double worst = 0;
    int seen = 0;
    for (int i = 0; i < PLACES * PLACES; i++) {
      int column = i % PLACES;
      int row = i / PLACES;
      double x = column * (INFRARED_WIDTH - 1.0) / (PLACES - 1);
      double y = row * (INFRARED_HEIGHT - 1.0) / (PLACES - 1);
      double wantedX = truth.x(x, y) / truth.w(x, y);
      double wantedY = truth.y(x, y) / truth.w(x, y);
      if (wantedX >= 0 && wantedY >= 0 && wantedX < first.width && wantedY < first.height) {
        double offX = homography.x(x, y) / homography.w(x, y) - wantedX;
        double offY = homography.y(x, y) / homography.w(x, y) - wantedY;
        double off = Math.hypot(offX, offY);
        sum += off;
        worst = Math.max(worst, off);
        seen++;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d pairs: off by %.2f px on average, %.2f at worst; edges agree to %.3f, before %.3f; %d of %d parts agree%n",
        names.size(),
        sum / seen,
        worst,
        found.agreement(),
        found.before(),
        found.agreeing(),
        found.telling());
  }

  /** Scaled, turned by 2 degrees at most, seen a little from the side, and moved. */
  private static Matrix3 truth(int width, int height, Random random) {
    double scale = random.nextDouble(0.6, 1.4) * width / INFRARED_WIDTH;
    double turn = Math.toRadians(random.nextDouble(-2, 2));
    double cos = scale * Math.cos(turn);
    double sin = scale * Math.sin(turn);
    double aside = random.nextDouble(-0.03, 0.03) * 2 / INFRARED_WIDTH;
    double above = random.nextDouble(-0.03, 0.03) * 2 / INFRARED_WIDTH;
    Matrix3 about = Matrix3.of(List.of(cos, -sin, 0.0, sin, cos, 0.0, aside, above, 1.0));
    double right = random.nextDouble(-0.1, 0.1) * width;
    double down = random.nextDouble(-0.1, 0.1) * height;
    return Matrix3.shift((width - 1) / 2.0 + right, (height - 1) / 2.0 + down)
        .times(about)
        .times(Matrix3.shift(-(INFRARED_WIDTH - 1) / 2.0, -(INFRARED_HEIGHT - 1) / 2.0));
  }

  private static List<String> names(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> name.startsWith(prefix))
              .sorted()
              .toList());
    }
  }

  private static GrayPlane read(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    Raster raster = image.getRaster();
    float[] levels = new float[image.getWidth() * image.getHeight()];
    float[] pixel = new float[raster.getNumBands()];
    for (int i = 0; i < levels.length; i++) {
      raster.getPixel(i % image.getWidth(), i / image.getWidth(), pixel);
      levels[i] =
          pixel.length < 3 ? pixel[0] : 0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2];
    }
    return new GrayPlane(image.getWidth(), image.getHeight(), levels);
  }

  private static byte[] bytes(float[] levels) {
    byte[] bytes = new byte[levels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(Float.isNaN(levels[i]) ? 0 : levels[i]);
    }
    return bytes;
  }
}

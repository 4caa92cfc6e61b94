package dev.nightfuse.registration;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * How far {@link AutoCalibration} is off on real pairs: infrared pictures that lie on their visible
 * ones are brought out of place by a known homography and lens, to 320x256, and found again. What
 * the pairs themselves are off counts as its error.
 *
 * <pre>
 *   java -cp ... dev.nightfuse.registration.CalibrationBenchmark FOLDER PREFIX PAIRS TRIALS [LENS ...]
 * </pre>
 *
 * FOLDER holds {@code visible/} and {@code infrared/}; pairs whose names begin with PREFIX are
 * drawn. A LENS is the thermal one's: its focal length in picture widths, k1 and k2, as in {@code
 * 0.8,-0.35,0.13}. Each is tried with the same pairs and homographies, after none, and with a
 * search for the homography alone before.
 */
public final class CalibrationBenchmark {

  private static final int INFRARED_WIDTH = 320;
  private static final int INFRARED_HEIGHT = 256;
  private static final int PLACES = 11;

  private CalibrationBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int pairs = Integer.parseInt(arguments[2]);
    Random random = new Random(7);
    for (int trial = 0; trial < Integer.parseInt(arguments[3]); trial++) {
      List<String> names = names(folder.resolve("visible"), arguments[1]);
      Collections.shuffle(names, random);
      names = names.subList(0, Math.min(pairs, names.size()));
      GrayPlane first = read(folder.resolve("visible").resolve(names.get(0)));
      Matrix3 truth = truth(first.width, first.height, random);
      run(folder, names, truth, "none", null);
      for (int i = 4; i < arguments.length; i++) {
        run(folder, names, truth, arguments[i], lens(arguments[i]));
      }
    }
  }

  private static Lens lens(String numbers) {
    double[] n = Stream.of(numbers.split(",")).mapToDouble(Double::parseDouble).toArray();
    double focal = n[0] * INFRARED_WIDTH;
    return new Lens(
        focal, focal, (INFRARED_WIDTH - 1) / 2.0, (INFRARED_HEIGHT - 1) / 2.0, n[1], n[2], 0, 0, 0);
  }

  private static void run(
      Path folder, List<String> names, Matrix3 place, String lensName, @Nullable Lens lens)
      throws IOException {
    GrayPlane first = read(folder.resolve("visible").resolve(names.get(0)));
    Calibration truth =
        new Calibration(
            INFRARED_WIDTH, INFRARED_HEIGHT, first.width, first.height, place.toList(), lens, null);
    Lens flat = new Lens(1, 1, 0, 0, 0, 0, 0, 0, 0);
    for (Lens known : Arrays.asList(flat, null)) {
      AutoCalibration search =
          new AutoCalibration(
              INFRARED_WIDTH, INFRARED_HEIGHT, first.width, first.height, known, null);
      for (String name : names) {
        search.add(
            new AutoCalibration.Pair(
                bytes(read(folder.resolve("visible").resolve(name)).levels()),
                moved(read(folder.resolve("infrared").resolve(name)), place, lens)));
      }
      long began = System.nanoTime();
      AutoCalibration.Found found = search.find();
      Off off = off(found.calibration(), truth);
      System.out.printf(
          Locale.ROOT,
          "%d pairs, lens %s (%.0f px), %s: off by %.2f px on average, %.2f in the outer half, %.2f at worst; lens of %.1f px; edges agree to %.3f, before %.3f; %d of %d parts agree; %.0f s%n",
          names.size(),
          lensName,
          lens == null ? 0 : Bend.cornerPx(lens, INFRARED_WIDTH, INFRARED_HEIGHT),
          known == null ? "homography and lens" : "homography alone",
          off.mean,
          off.outer,
          off.worst,
          found.cornerPx(),
          found.agreement(),
          found.before(),
          found.agreeing(),
          found.telling(),
          (System.nanoTime() - began) / 1e9);
    }
  }

  private record Off(double mean, double outer, double worst) {}

  /** Over the visible picture, where the infrared camera sees, in visible pixels. */
  private static Off off(Calibration found, Calibration truth) {
    Projection got = new Projection(found);
    Projection wanted = new Projection(truth);
    double sum = 0;
    double outer = 0;
    double worst = 0;
    int seen = 0;
    int seenOuter = 0;
    for (int i = 0; i < PLACES * PLACES; i++) {
      int row = i / PLACES;
      double x = i % PLACES * (truth.visibleWidthPx() - 1.0) / (PLACES - 1);
      double y = row * (truth.visibleHeightPx() - 1.0) / (PLACES - 1);
      wanted.map(x + 1, y);
      double rightX = wanted.x();
      double rightY = wanted.y();
      if (wanted.map(x, y)
          && wanted.x() >= 0
          && wanted.y() >= 0
          && wanted.x() <= INFRARED_WIDTH - 1
          && wanted.y() <= INFRARED_HEIGHT - 1) {
        got.map(x, y);
        double off =
            Math.hypot(got.x() - wanted.x(), got.y() - wanted.y())
                / Math.hypot(rightX - wanted.x(), rightY - wanted.y());
        sum += off;
        worst = Math.max(worst, off);
        seen++;
        double radius =
            Math.hypot(wanted.x() - INFRARED_WIDTH / 2.0, wanted.y() - INFRARED_HEIGHT / 2.0);
        if (radius > Math.hypot(INFRARED_WIDTH, INFRARED_HEIGHT) / 4) {
          outer += off;
          seenOuter++;
        }
      }
    }
    return new Off(sum / seen, outer / seenOuter, worst);
  }

  /** What lies beyond the picture is as its border: a black rim would be an edge. */
  private static byte[] moved(GrayPlane picture, Matrix3 place, @Nullable Lens lens) {
    Projection from =
        new Projection(
            new Calibration(
                picture.width,
                picture.height,
                INFRARED_WIDTH,
                INFRARED_HEIGHT,
                place.inverse().toList(),
                null,
                lens));
    float[] levels = picture.levels();
    byte[] moved = new byte[INFRARED_WIDTH * INFRARED_HEIGHT];
    for (int i = 0; i < moved.length; i++) {
      int row = i / INFRARED_WIDTH;
      from.map(i % INFRARED_WIDTH, row);
      double x = Math.max(0, Math.min(from.x(), picture.width - 1));
      double y = Math.max(0, Math.min(from.y(), picture.height - 1));
      int left = (int) Math.min(x, picture.width - 2);
      int top = (int) Math.min(y, picture.height - 2);
      int at = top * picture.width + left;
      double above = levels[at] + (x - left) * (levels[at + 1] - levels[at]);
      int under = at + picture.width;
      double below = levels[under] + (x - left) * (levels[under + 1] - levels[under]);
      moved[i] = (byte) Math.round(above + (y - top) * (below - above));
    }
    return moved;
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
      bytes[i] = (byte) Math.round(levels[i]);
    }
    return bytes;
  }
}

package dev.nightfuse.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Scenes of rectangles whose levels in the two cameras have nothing to do with each other. */
final class AutoCalibrationTest {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final int INFRARED_WIDTH = 160;
  private static final int INFRARED_HEIGHT = 128;
  private static final int PAIRS = 6;

  /** A lens as they come, 78 degrees wide: its corners are 21 % nearer to the middle. */
  private static final Lens BARREL =
      new Lens(
          0.75 * INFRARED_WIDTH,
          0.75 * INFRARED_WIDTH,
          (INFRARED_WIDTH - 1) / 2.0,
          (INFRARED_HEIGHT - 1) / 2.0,
          -0.3,
          0.09,
          0,
          0,
          0);

  private final Random random = new Random(11);

  /** What is at a point, in visible pixels; far beyond the picture, too. */
  private interface Scene {
    double at(double x, double y);
  }

  /** The same rectangles with levels of their own for each camera. */
  private Scene[] scenes() {
    int count = 60;
    double[][] boxes = new double[count][];
    for (int i = 0; i < count; i++) {
      double x = random.nextDouble(-WIDTH / 2.0, 1.5 * WIDTH);
      double y = random.nextDouble(-HEIGHT / 2.0, 1.5 * HEIGHT);
      boxes[i] =
          new double[] {
            x,
            y,
            x + random.nextDouble(10, 70),
            y + random.nextDouble(10, 70),
            random.nextDouble(20, 220),
            random.nextDouble(20, 220)
          };
    }
    return new Scene[] {scene(boxes, 4), scene(boxes, 5)};
  }

  private static Scene scene(double[][] boxes, int level) {
    return (x, y) -> {
      double seen = 90;
      for (double[] box : boxes) {
        seen = box[0] <= x && x < box[2] && box[1] <= y && y < box[3] ? box[level] : seen;
      }
      return seen;
    };
  }

  /** Each pixel the mean of 3 by 3 places in it, and some noise. */
  private byte[] picture(
      Scene scene, Matrix3 toVisible, int width, int height, @Nullable Lens lens) {
    Projection straight =
        new Projection(
            new Calibration(
                width, height, width, height, Matrix3.scaling(1, 1).toList(), null, lens));
    byte[] levels = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int k = 0; k < 9; k++) {
          assertTrue(straight.map(x + (k % 3 - 1) / 3.0, y + (k / 3 - 1) / 3.0));
          double u = straight.x();
          double v = straight.y();
          double w = toVisible.w(u, v);
          sum += scene.at(toVisible.x(u, v) / w, toVisible.y(u, v) / w);
        }
        levels[y * width + x] = (byte) Math.round(sum / 9 + random.nextGaussian() * 3);
      }
    }
    return levels;
  }

  private AutoCalibration.Found find(Matrix3 truth, boolean related) {
    return find(
        new AutoCalibration(INFRARED_WIDTH, INFRARED_HEIGHT, WIDTH, HEIGHT), truth, null, related);
  }

  private AutoCalibration.Found find(
      AutoCalibration search, Matrix3 truth, @Nullable Lens lens, boolean related) {
    for (int i = 0; i < PAIRS; i++) {
      Scene[] scenes = scenes();
      Scene seenWarm = related ? scenes[1] : scenes()[1];
      search.add(
          new AutoCalibration.Pair(
              picture(scenes[0], Matrix3.scaling(1, 1), WIDTH, HEIGHT, null),
              picture(seenWarm, truth, INFRARED_WIDTH, INFRARED_HEIGHT, lens)));
    }
    return search.find();
  }

  /** Infrared pixels about the middle scaled, turned and seen from the side, then moved. */
  private static Matrix3 truth(
      double scale, double turn, double perspective, double dx, double dy) {
    Matrix3 about =
        Matrix3.of(
            List.of(
                scale,
                -scale * turn,
                0.0,
                scale * turn,
                scale,
                0.0,
                perspective,
                perspective,
                1.0));
    return Matrix3.shift((WIDTH - 1) / 2.0 + dx, (HEIGHT - 1) / 2.0 + dy)
        .times(about)
        .times(Matrix3.shift(-(INFRARED_WIDTH - 1) / 2.0, -(INFRARED_HEIGHT - 1) / 2.0));
  }

  private static double worstPx(Matrix3 truth, Calibration found) {
    Matrix3 homography = Matrix3.of(found.infraredToVisible());
    double worst = 0;
    for (int corner = 0; corner < 4; corner++) {
      double x = corner % 2 == 0 ? 0 : INFRARED_WIDTH - 1;
      double y = corner / 2 == 0 ? 0 : INFRARED_HEIGHT - 1;
      double w = truth.w(x, y);
      double v = homography.w(x, y);
      worst =
          Math.max(
              worst,
              Math.hypot(
                  truth.x(x, y) / w - homography.x(x, y) / v,
                  truth.y(x, y) / w - homography.y(x, y) / v));
    }
    return worst;
  }

  /** Over the visible picture, where the thermal camera sees, in visible pixels. */
  private static double worstPx(Matrix3 truth, Lens lens, Calibration found) {
    Projection wanted =
        new Projection(
            new Calibration(
                INFRARED_WIDTH, INFRARED_HEIGHT, WIDTH, HEIGHT, truth.toList(), lens, null));
    Projection got = new Projection(found);
    double worst = 0;
    int seen = 0;
    for (int i = 0; i < 400; i++) {
      int row = i / 20;
      double x = i % 20 * (WIDTH - 1) / 19.0;
      double y = row * (HEIGHT - 1) / 19.0;
      if (wanted.map(x, y)
          && wanted.x() >= 0
          && wanted.y() >= 0
          && wanted.x() <= INFRARED_WIDTH - 1
          && wanted.y() <= INFRARED_HEIGHT - 1) {
        seen++;
        assertTrue(got.map(x, y));
        double off = Math.hypot(wanted.x() - got.x(), wanted.y() - got.y());
        worst = Math.max(worst, off * truth.x(1, 0) - off * truth.x(0, 0));
      }
    }
    assertTrue(seen > 200, seen + " places");
    return worst;
  }

  @Test
  void find_wideLensThatBends_isFoundWithIt() {
    Matrix3 truth = truth(1.5, 0.02, 0, 6, -4);
    AutoCalibration.Found found =
        find(
            new AutoCalibration(INFRARED_WIDTH, INFRARED_HEIGHT, WIDTH, HEIGHT),
            truth,
            BARREL,
            true);
    double worst = worstPx(truth, BARREL, found.calibration());
    assertTrue(worst < 2, () -> worst + " px, " + found);
    double wantedPx = Bend.cornerPx(BARREL, INFRARED_WIDTH, INFRARED_HEIGHT);
    assertEquals(wantedPx, found.cornerPx(), 2, found::toString);
    assertTrue(found.reliable());
  }

  @Test
  void find_lensThatIsKnown_isKeptAsItIs() {
    Matrix3 truth = truth(1.5, 0.02, 0, 6, -4);
    AutoCalibration.Found found =
        find(
            new AutoCalibration(INFRARED_WIDTH, INFRARED_HEIGHT, WIDTH, HEIGHT, BARREL, null),
            truth,
            BARREL,
            true);
    assertEquals(BARREL, found.calibration().infraredLens());
    assertTrue(worstPx(truth, BARREL, found.calibration()) < 1);
  }

  @Test
  void find_narrowThermalCameraTurnedAndAside_isFoundToPartsOfAPixel() {
    Matrix3 truth = truth(1.5, 0.03, 0.0002, 14, -9);
    AutoCalibration.Found found = find(truth, true);
    assertTrue(
        worstPx(truth, found.calibration()) < 1, () -> worstPx(truth, found.calibration()) + " px");
    assertNull(found.calibration().infraredLens(), "a lens where there is none");
    assertTrue(found.reliable());
    assertTrue(found.agreement() > 3 * found.before());
    assertEquals(INFRARED_WIDTH, found.calibration().infraredWidthPx());
    assertEquals(HEIGHT, found.calibration().visibleHeightPx());
  }

  @Test
  void find_wideThermalCamera_isFoundToPartsOfAPixel() {
    Matrix3 truth = truth(2.9, -0.02, -0.0002, -20, 11);
    AutoCalibration.Found found = find(truth, true);
    assertTrue(
        worstPx(truth, found.calibration()) < 2, () -> worstPx(truth, found.calibration()) + " px");
    assertTrue(found.reliable());
  }

  @Test
  void find_picturesThatHaveNothingInCommon_isNotReliable() {
    assertFalse(find(truth(2, 0, 0, 0, 0), false).reliable());
  }
}

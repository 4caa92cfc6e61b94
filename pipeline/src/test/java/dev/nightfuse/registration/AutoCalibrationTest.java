package dev.nightfuse.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scenes of rectangles whose levels in the two cameras have nothing to do with each other. */
final class AutoCalibrationTest {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final int INFRARED_WIDTH = 160;
  private static final int INFRARED_HEIGHT = 128;
  private static final int PAIRS = 6;

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
  private byte[] picture(Scene scene, Matrix3 toVisible, int width, int height) {
    byte[] levels = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int k = 0; k < 9; k++) {
          double u = x + (k % 3 - 1) / 3.0;
          double v = y + (k / 3 - 1) / 3.0;
          double w = toVisible.w(u, v);
          sum += scene.at(toVisible.x(u, v) / w, toVisible.y(u, v) / w);
        }
        levels[y * width + x] = (byte) Math.round(sum / 9 + random.nextGaussian() * 3);
      }
    }
    return levels;
  }

  private AutoCalibration.Found find(Matrix3 truth, boolean related) {
    AutoCalibration search = new AutoCalibration(INFRARED_WIDTH, INFRARED_HEIGHT, WIDTH, HEIGHT);
    for (int i = 0; i < PAIRS; i++) {
      Scene[] scenes = scenes();
      Scene seenWarm = related ? scenes[1] : scenes()[1];
      search.add(
          new AutoCalibration.Pair(
              picture(scenes[0], Matrix3.scaling(1, 1), WIDTH, HEIGHT),
              picture(seenWarm, truth, INFRARED_WIDTH, INFRARED_HEIGHT)));
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

  @Test
  void find_narrowThermalCameraTurnedAndAside_isFoundToPartsOfAPixel() {
    Matrix3 truth = truth(1.5, 0.03, 0.0002, 14, -9);
    AutoCalibration.Found found = find(truth, true);
    assertTrue(
        worstPx(truth, found.calibration()) < 1, () -> worstPx(truth, found.calibration()) + " px");
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

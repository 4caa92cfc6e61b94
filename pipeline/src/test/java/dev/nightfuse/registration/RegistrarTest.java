package dev.nightfuse.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Registration of a picture that is a formula: what each output pixel must show is computed by
 * mapping visible points forward through the definition of the calibration.
 */
final class RegistrarTest {

  private static final int OUTSIDE = 7;

  @FunctionalInterface
  private interface Scene {
    double at(double x, double y);
  }

  /** Smooth enough that bilinear sampling is exact to a fraction of a grey level. */
  private static double waves(double x, double y) {
    return 128 + 60 * Math.sin(x / 23) + 50 * Math.cos(y / 17 + x / 60);
  }

  private static ByteBuffer picture(int width, int height, Scene scene) {
    ByteBuffer plane = ByteBuffer.allocateDirect(width * height).order(ByteOrder.nativeOrder());
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        plane.put(y * width + x, (byte) Math.round(scene.at(x, y)));
      }
    }
    return plane;
  }

  private static ByteBuffer register(Calibration calibration, ByteBuffer infrared) {
    ByteBuffer output =
        ByteBuffer.allocateDirect(calibration.visibleWidthPx() * calibration.visibleHeightPx());
    new Registrar(calibration, OUTSIDE).register(infrared, output);
    return output;
  }

  private static Calibration calibration(
      int iw, int ih, int vw, int vh, double[] h, @Nullable Lens infrared, @Nullable Lens visible) {
    List<Double> list = new ArrayList<>();
    for (double value : h) {
      list.add(value);
    }
    return new Calibration(iw, ih, vw, vh, list, infrared, visible);
  }

  @Test
  void identity_sameSize_everySampleIsCopied() {
    Calibration calibration = Calibration.scaling(64, 48, 64, 48);
    assertTrue(new Registrar(calibration, 0).isIdentity());
    assertEquals(1, new Registrar(calibration, 0).coverage());
    ByteBuffer picture = picture(64, 48, (x, y) -> (x * 37 + y * 11) % 256);
    assertEquals(picture, register(calibration, picture));
  }

  @Test
  void translation_wholePixels_samplesMoveAndTheRestIsOutside() {
    double[] h = {1, 0, 5, 0, 1, -3, 0, 0, 1};
    Calibration calibration = calibration(64, 48, 64, 48, h, null, null);
    assertFalse(new Registrar(calibration, 0).isIdentity());
    ByteBuffer out = register(calibration, picture(64, 48, (x, y) -> (x * 3 + y) % 256));
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        int expected = x < 5 || y > 44 ? OUTSIDE : ((x - 5) * 3 + y + 3) % 256;
        assertEquals(expected, out.get(y * 64 + x) & 0xff, "at " + x + "," + y);
      }
    }
  }

  @Test
  void move_sameSizes_isLikeMadeAnew() {
    double[] h = {1, 0, 5, 0, 1, -3, 0, 0, 1};
    Calibration moved = calibration(64, 48, 64, 48, h, null, null);
    ByteBuffer picture = picture(64, 48, (x, y) -> (x * 3 + y) % 256);
    ByteBuffer output = ByteBuffer.allocateDirect(64 * 48);
    Registrar registrar = new Registrar(Calibration.scaling(64, 48, 64, 48), OUTSIDE);
    registrar.move(moved);
    registrar.register(picture, output);
    assertEquals(register(moved, picture), output);
    assertEquals(new Registrar(moved, OUTSIDE).coverage(), registrar.coverage());
    assertThrows(
        IllegalArgumentException.class, () -> registrar.move(Calibration.scaling(32, 24, 64, 48)));
  }

  @Test
  void stretches_evenWhenMoved_andOnlyThen() {
    Calibration stretched = Calibration.scaling(320, 256, 640, 480);
    assertTrue(stretched.stretches());
    assertTrue(stretched.shifted(5, -2).stretches());
    assertFalse(Calibration.scaling(320, 240, 640, 480).shifted(5, -2).stretches());
  }

  @Test
  void translation_halfAPixel_neighboursAreMixedHalfAndHalf() {
    double[] h = {1, 0, 0.5, 0, 1, 0, 0, 0, 1};
    ByteBuffer out =
        register(
            calibration(64, 48, 64, 48, h, null, null), picture(64, 48, (x, y) -> x % 2 * 200));
    for (int x = 1; x < 64; x++) {
      assertEquals(100, out.get(20 * 64 + x) & 0xff);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 160, 256, 320, 640, 1280})
  void scaling_anyInfraredWidth_coversTheWholePictureInPlace(int infraredWidth) {
    int infraredHeight = infraredWidth * 3 / 4;
    double scale = 320.0 / infraredWidth;
    Calibration calibration = Calibration.scaling(infraredWidth, infraredHeight, 320, 240);
    assertEquals(1, new Registrar(calibration, 0).coverage());
    ByteBuffer infrared =
        picture(
            infraredWidth,
            infraredHeight,
            (x, y) -> waves((x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5));
    ByteBuffer out = register(calibration, infrared);
    int border = (int) Math.ceil(scale);
    for (int y = border; y < 240 - border; y++) {
      for (int x = border; x < 320 - border; x++) {
        assertEquals(waves(x, y), out.get(y * 320 + x) & 0xff, 2.5, "at " + x + "," + y);
      }
    }
  }

  @Test
  void homography_perspective_everyPixelIsWithinAFractionOfAGreyLevel() {
    double[] h = {2.03, 0.05, -14.3, -0.04, 1.98, 9.1, 6e-5, -4e-5, 1.01};
    Calibration calibration = calibration(320, 256, 640, 480, h, null, null);
    checkAgainstDefinition(calibration, 1.1);
  }

  @Test
  void homography_oppositeSign_isTheSameHomography() {
    double[] h = {2.03, 0.05, -14.3, -0.04, 1.98, 9.1, 6e-5, -4e-5, 1.01};
    double[] minus = new double[9];
    for (int i = 0; i < 9; i++) {
      minus[i] = -3 * h[i];
    }
    ByteBuffer infrared = picture(320, 256, RegistrarTest::waves);
    assertEquals(
        register(calibration(320, 256, 640, 480, h, null, null), infrared),
        register(calibration(320, 256, 640, 480, minus, null, null), infrared));
  }

  @Test
  void distortion_ofBothLenses_isUndoneToAFractionOfAPixel() {
    double[] h = {1.9, 0.03, 11.0, -0.02, 1.93, -6.0, 2e-5, 3e-5, 1};
    Lens infrared = new Lens(330, 332, 161.2, 126.4, -0.28, 0.09, 0.001, -0.0007, -0.01);
    Lens visible = new Lens(610, 608, 322.5, 236.1, -0.11, 0.03, -0.0004, 0.0009, 0.002);
    checkAgainstDefinition(calibration(320, 256, 640, 480, h, infrared, visible), 1.1);
  }

  @Test
  void distortion_strongFisheyeLike_neverFoldsTheOutsideIntoThePicture() {
    double[] h = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    Lens infrared = new Lens(150, 150, 159.5, 119.5, -0.35, 0, 0, 0, 0);
    Registrar registrar = new Registrar(calibration(320, 240, 320, 240, h, infrared, null), 0);
    assertTrue(registrar.coverage() < 1, "the corners lie where the polynomial turns back");
    assertTrue(registrar.coverage() > 0.6);
  }

  /** Every output pixel that is seen, by brute force: the nearest of all points mapped forward. */
  private static void checkAgainstDefinition(Calibration calibration, double levels) {
    ByteBuffer infrared =
        picture(
            calibration.infraredWidthPx(), calibration.infraredHeightPx(), RegistrarTest::waves);
    ByteBuffer out = register(calibration, infrared);
    Random random = new Random(3);
    int checked = 0;
    for (int i = 0; i < 20_000; i++) {
      double ix = random.nextDouble() * (calibration.infraredWidthPx() - 1);
      double iy = random.nextDouble() * (calibration.infraredHeightPx() - 1);
      double[] point = forward(calibration, ix, iy);
      // Interpolate the output at the exact place where this infrared point must show up.
      int x0 = (int) Math.floor(point[0]);
      int y0 = (int) Math.floor(point[1]);
      boolean in =
          x0 >= 0
              && y0 >= 0
              && x0 < calibration.visibleWidthPx() - 1
              && y0 < calibration.visibleHeightPx() - 1;
      if (!in || nearOutside(out, calibration.visibleWidthPx(), x0, y0)) {
        continue;
      }
      double fx = point[0] - x0;
      double fy = point[1] - y0;
      int w = calibration.visibleWidthPx();
      double shown =
          (1 - fy) * ((1 - fx) * value(out, w, x0, y0) + fx * value(out, w, x0 + 1, y0))
              + fy * ((1 - fx) * value(out, w, x0, y0 + 1) + fx * value(out, w, x0 + 1, y0 + 1));
      assertEquals(waves(ix, iy), shown, levels, "infrared point " + ix + "," + iy);
      checked++;
    }
    assertTrue(checked > 10_000, "only " + checked + " points lie in the picture");
  }

  private static boolean nearOutside(ByteBuffer out, int width, int x, int y) {
    return value(out, width, x, y) == OUTSIDE
        || value(out, width, x + 1, y) == OUTSIDE
        || value(out, width, x, y + 1) == OUTSIDE
        || value(out, width, x + 1, y + 1) == OUTSIDE;
  }

  private static int value(ByteBuffer plane, int width, int x, int y) {
    return plane.get(y * width + x) & 0xff;
  }

  /** The definition: undistort by iteration, homography, distort. */
  private static double[] forward(Calibration calibration, double ix, double iy) {
    double x = ix;
    double y = iy;
    Lens infrared = calibration.infraredLens();
    if (infrared != null) {
      double px = (x - infrared.centreXPx()) / infrared.focalXPx();
      double py = (y - infrared.centreYPx()) / infrared.focalYPx();
      double ux = px;
      double uy = py;
      for (int i = 0; i < 500; i++) {
        double[] seen = distort(infrared, ux, uy);
        ux += px - seen[0];
        uy += py - seen[1];
      }
      x = infrared.centreXPx() + infrared.focalXPx() * ux;
      y = infrared.centreYPx() + infrared.focalYPx() * uy;
    }
    List<Double> h = calibration.infraredToVisible();
    double w = h.get(6) * x + h.get(7) * y + h.get(8);
    double vx = (h.get(0) * x + h.get(1) * y + h.get(2)) / w;
    double vy = (h.get(3) * x + h.get(4) * y + h.get(5)) / w;
    Lens visible = calibration.visibleLens();
    if (visible != null) {
      double[] seen =
          distort(
              visible,
              (vx - visible.centreXPx()) / visible.focalXPx(),
              (vy - visible.centreYPx()) / visible.focalYPx());
      vx = visible.centreXPx() + visible.focalXPx() * seen[0];
      vy = visible.centreYPx() + visible.focalYPx() * seen[1];
    }
    return new double[] {vx, vy};
  }

  private static double[] distort(Lens lens, double x, double y) {
    double r2 = x * x + y * y;
    double radial = 1 + lens.k1() * r2 + lens.k2() * r2 * r2 + lens.k3() * r2 * r2 * r2;
    return new double[] {
      x * radial + 2 * lens.p1() * x * y + lens.p2() * (r2 + 2 * x * x),
      y * radial + lens.p1() * (r2 + 2 * y * y) + 2 * lens.p2() * x * y
    };
  }

  @Test
  void resized_camerasDeliverHalfTheSize_showsTheSamePlaces() {
    double[] h = {1.9, 0.03, 11.0, -0.02, 1.93, -6.0, 2e-5, 3e-5, 1};
    Lens lens = new Lens(330, 332, 161.2, 126.4, -0.2, 0.05, 0.001, -0.0007, 0);
    Calibration made = calibration(320, 256, 640, 480, h, lens, null);
    Calibration half = made.resized(160, 128, 320, 240);
    for (double[] p : new double[][] {{10, 10}, {150, 60}, {80, 100}}) {
      double[] large = forward(made, 2 * p[0] + 0.5, 2 * p[1] + 0.5);
      double[] small = forward(half, p[0], p[1]);
      assertEquals((large[0] + 0.5) / 2 - 0.5, small[0], 1e-6);
      assertEquals((large[1] + 0.5) / 2 - 0.5, small[1], 1e-6);
    }
    assertEquals(made, made.resized(320, 256, 640, 480).resized(320, 256, 640, 480));
  }

  @Test
  void resized_anotherShape_isRefusedWithBothSizes() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Calibration.scaling(320, 256, 640, 512).resized(320, 240, 640, 512));
    assertEquals(
        "the infrared camera delivers 320x240, but the calibration was made at 320x256: another"
            + " shape",
        e.getMessage());
  }

  @Test
  void calibration_wrongNumbers_messagesSayWhat() {
    assertMessage(
        "homography of 8 numbers: 9 are needed, row by row",
        () -> calibration(64, 48, 64, 48, new double[8], null, null));
    assertMessage(
        "homography [1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 0.0, 0.0, 1.0]: it cannot be inverted",
        () -> calibration(64, 48, 64, 48, new double[] {1, 2, 3, 2, 4, 6, 0, 0, 1}, null, null));
    assertMessage(
        "focal length 0.0 x 5.0 pixels: both must be above 0",
        () -> new Lens(0, 5, 1, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void register_planesTooSmall_isRefusedBeforeAnythingIsWritten() {
    Registrar registrar = new Registrar(Calibration.scaling(32, 32, 64, 64), 0);
    ByteBuffer output = ByteBuffer.allocateDirect(64 * 64);
    assertThrows(
        IllegalArgumentException.class,
        () -> registrar.register(ByteBuffer.allocateDirect(32 * 32 - 1), output));
  }

  private static void assertMessage(String message, org.junit.jupiter.api.function.Executable e) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, e).getMessage());
  }

  @Test
  void stretches_otherShapeWithoutCalibration_isTold() {
    assertTrue(Calibration.scaling(640, 512, 1280, 720).stretches());
    assertFalse(Calibration.scaling(320, 240, 640, 480).stretches());
    assertFalse(
        new Calibration(
                640,
                512,
                1280,
                720,
                List.of(1.5, 0.0, 160.0, 0.0, 1.5, -20.0, 0.0, 0.0, 1.0),
                null,
                null)
            .stretches());
  }
}

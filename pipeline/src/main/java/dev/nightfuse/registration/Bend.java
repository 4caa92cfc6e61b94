package dev.nightfuse.registration;

/**
 * How much an infrared lens bends straight lines, by one number: k1 where half the diagonal of its
 * picture is the focal length, with k2 = k1 * k1 and the middle of the picture as principal point.
 * Barrels are below 0.
 *
 * <p>Pictures tell k1 over the squared focal length, but neither of both; half the diagonal is a
 * convention. The square is about what calibrated wide lenses have, and with it the picture never
 * folds back.
 */
final class Bend {

  /** Beyond that is no lens that would be calibrated without a target. */
  private static final double LARGEST = 0.5;

  /** From the middle of the picture, in half diagonals; most of the picture is about as far. */
  private static final double TYPICAL_RADIUS = 0.6;

  private Bend() {}

  /** 0 without a lens; for those with a lens from {@link #with} only. */
  static double of(Calibration calibration) {
    Lens lens = calibration.infraredLens();
    return lens == null ? 0 : lens.k1();
  }

  /** Another homography, and the infrared lens bent by so much; no lens when by nothing. */
  static Calibration with(Calibration calibration, Matrix3 homography, double bend) {
    int width = calibration.infraredWidthPx();
    int height = calibration.infraredHeightPx();
    double k1 = Math.max(-LARGEST, Math.min(bend, LARGEST));
    double focal = Math.hypot(width, height) / 2;
    Lens lens =
        k1 == 0
            ? null
            : new Lens(focal, focal, (width - 1) / 2.0, (height - 1) / 2.0, k1, k1 * k1, 0, 0, 0);
    return calibration.with(homography, lens);
  }

  /** A bend where there is none, and a scale that leaves most of the picture about where it is. */
  static Calibration bent(Calibration calibration, double bend) {
    double z = bend * TYPICAL_RADIUS * TYPICAL_RADIUS;
    double scale = 1 + z + z * z;
    Matrix3 middle =
        Matrix3.shift(
            (calibration.infraredWidthPx() - 1) / 2.0, (calibration.infraredHeightPx() - 1) / 2.0);
    Matrix3 smaller = middle.times(Matrix3.stretch(scale)).times(middle.inverse());
    return with(calibration, Matrix3.of(calibration.infraredToVisible()).times(smaller), bend);
  }

  /**
   * How much nearer to the middle a lens shows what is at the corners of its picture, in pixels;
   * negative when it is farther.
   */
  static double cornerPx(Lens lens, int widthPx, int heightPx) {
    Projection undistorted =
        new Projection(
            new Calibration(
                widthPx, heightPx, widthPx, heightPx, Matrix3.scaling(1, 1).toList(), null, lens));
    double diagonal = Math.hypot(lens.centreXPx(), lens.centreYPx());
    return undistorted.map(0, 0)
        ? Math.hypot(undistorted.x() - lens.centreXPx(), undistorted.y() - lens.centreYPx())
            - diagonal
        : 0;
  }
}

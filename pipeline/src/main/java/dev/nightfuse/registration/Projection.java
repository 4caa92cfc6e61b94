package dev.nightfuse.registration;

import org.jspecify.annotations.Nullable;

/** Where a visible pixel comes from in the infrared picture. Used once, to fill the tables. */
final class Projection {

  private static final int MOST_ITERATIONS = 50;
  private static final double PRECISE = 1e-10;

  private final int visibleFactor;
  private final int infraredFactor;
  private final Matrix3 visibleToInfrared;
  private final @Nullable Lens infraredLens;
  private final @Nullable Lens visibleLens;
  private double x;
  private double y;

  Projection(Calibration calibration) {
    this(calibration, 1, 1);
  }

  /** For pictures that are {@link GrayPlane#reduced} by these. */
  Projection(Calibration calibration, int visibleFactor, int infraredFactor) {
    this.visibleFactor = visibleFactor;
    this.infraredFactor = infraredFactor;
    Matrix3 inverse = Matrix3.of(calibration.infraredToVisible()).inverse();
    // Only the direction of a homography counts: make the picture's centre lie before the camera.
    double centre =
        inverse.w(calibration.visibleWidthPx() / 2.0, calibration.visibleHeightPx() / 2.0);
    this.visibleToInfrared = centre < 0 ? inverse.times(Matrix3.NEGATIVE) : inverse;
    this.infraredLens = calibration.infraredLens();
    this.visibleLens = calibration.visibleLens();
  }

  /** Maps a visible pixel; false when it shows nothing that the infrared camera could see. */
  boolean map(double visibleX, double visibleY) {
    x = (visibleX + 0.5) * visibleFactor - 0.5;
    y = (visibleY + 0.5) * visibleFactor - 0.5;
    if (visibleLens != null && visibleLens.distorts() && !undistort(visibleLens)) {
      return false;
    }
    double w = visibleToInfrared.w(x, y);
    if (!(w > 0)) {
      return false;
    }
    double mappedX = visibleToInfrared.x(x, y) / w;
    y = visibleToInfrared.y(x, y) / w;
    x = mappedX;
    if (infraredLens != null && infraredLens.distorts() && !distort(infraredLens)) {
      return false;
    }
    x = (x + 0.5) / infraredFactor - 0.5;
    y = (y + 0.5) / infraredFactor - 0.5;
    return true;
  }

  double x() {
    return x;
  }

  double y() {
    return y;
  }

  private boolean distort(Lens lens) {
    double px = (x - lens.centreXPx()) / lens.focalXPx();
    double py = (y - lens.centreYPx()) / lens.focalYPx();
    double r2 = px * px + py * py;
    if (!rises(lens, r2)) {
      return false;
    }
    x = lens.centreXPx() + lens.focalXPx() * distortedX(lens, px, py);
    y = lens.centreYPx() + lens.focalYPx() * distortedY(lens, px, py);
    return true;
  }

  /** Newton's method on both coordinates; strong distortion converges where iteration does not. */
  private boolean undistort(Lens lens) {
    double wantedX = (x - lens.centreXPx()) / lens.focalXPx();
    double wantedY = (y - lens.centreYPx()) / lens.focalYPx();
    double px = wantedX;
    double py = wantedY;
    for (int i = 0; i < MOST_ITERATIONS; i++) {
      double errorX = distortedX(lens, px, py) - wantedX;
      double errorY = distortedY(lens, px, py) - wantedY;
      if (Math.abs(errorX) + Math.abs(errorY) < PRECISE) {
        x = lens.centreXPx() + lens.focalXPx() * px;
        y = lens.centreYPx() + lens.focalYPx() * py;
        return rises(lens, px * px + py * py);
      }
      double h = 1e-6;
      double xx = (distortedX(lens, px + h, py) - distortedX(lens, px - h, py)) / (2 * h);
      double xy = (distortedX(lens, px, py + h) - distortedX(lens, px, py - h)) / (2 * h);
      double yx = (distortedY(lens, px + h, py) - distortedY(lens, px - h, py)) / (2 * h);
      double yy = (distortedY(lens, px, py + h) - distortedY(lens, px, py - h)) / (2 * h);
      double determinant = xx * yy - xy * yx;
      if (Math.abs(determinant) < 1e-12) {
        return false;
      }
      px -= (yy * errorX - xy * errorY) / determinant;
      py -= (xx * errorY - yx * errorX) / determinant;
    }
    return false;
  }

  /**
   * Whether the distorted radius still grows with the true one. Beyond that the polynomial folds
   * the outside back into the picture, which no lens does.
   */
  private static boolean rises(Lens lens, double r2) {
    return 1 + r2 * (3 * lens.k1() + r2 * (5 * lens.k2() + r2 * 7 * lens.k3())) > 0;
  }

  private static double distortedX(Lens lens, double px, double py) {
    double r2 = px * px + py * py;
    return px * radial(lens, r2) + 2 * lens.p1() * px * py + lens.p2() * (r2 + 2 * px * px);
  }

  private static double distortedY(Lens lens, double px, double py) {
    double r2 = px * px + py * py;
    return py * radial(lens, r2) + lens.p1() * (r2 + 2 * py * py) + 2 * lens.p2() * px * py;
  }

  private static double radial(Lens lens, double r2) {
    return 1 + r2 * (lens.k1() + r2 * (lens.k2() + r2 * lens.k3()));
  }
}

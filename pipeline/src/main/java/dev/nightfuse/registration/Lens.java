package dev.nightfuse.registration;

/**
 * Intrinsics of one camera: a pinhole with the usual radial and tangential distortion. A point (x,
 * y) of the undistorted picture plane at unit distance, r2 = x*x + y*y, is seen at
 *
 * <pre>
 *   x' = x (1 + k1 r2 + k2 r2^2 + k3 r2^3) + 2 p1 x y + p2 (r2 + 2 x^2)
 *   y' = y (1 + k1 r2 + k2 r2^2 + k3 r2^3) + p1 (r2 + 2 y^2) + 2 p2 x y
 *   pixel = (focalXPx x' + centreXPx, focalYPx y' + centreYPx)
 * </pre>
 *
 * @param focalXPx focal length in pixel widths, above 0
 * @param focalYPx focal length in pixel heights, above 0
 * @param centreXPx principal point; 0 is the centre of the leftmost pixel
 * @param centreYPx principal point; 0 is the centre of the topmost pixel
 * @param k1 radial, second order
 * @param k2 radial, fourth order
 * @param p1 tangential
 * @param p2 tangential
 * @param k3 radial, sixth order
 */
public record Lens(
    double focalXPx,
    double focalYPx,
    double centreXPx,
    double centreYPx,
    double k1,
    double k2,
    double p1,
    double p2,
    double k3) {

  public Lens {
    if (!(focalXPx > 0 && focalYPx > 0)) {
      throw new IllegalArgumentException(
          "focal length %s x %s pixels: both must be above 0".formatted(focalXPx, focalYPx));
    }
    for (double value :
        new double[] {focalXPx, focalYPx, centreXPx, centreYPx, k1, k2, p1, p2, k3}) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("lens parameter %s: must be finite".formatted(value));
      }
    }
  }

  /** The same lens for a picture scaled by these factors; pixel centres stay at whole numbers. */
  Lens scaled(double scaleX, double scaleY) {
    return new Lens(
        focalXPx * scaleX,
        focalYPx * scaleY,
        (centreXPx + 0.5) * scaleX - 0.5,
        (centreYPx + 0.5) * scaleY - 0.5,
        k1,
        k2,
        p1,
        p2,
        k3);
  }

  boolean distorts() {
    return k1 != 0 || k2 != 0 || p1 != 0 || p2 != 0 || k3 != 0;
  }
}

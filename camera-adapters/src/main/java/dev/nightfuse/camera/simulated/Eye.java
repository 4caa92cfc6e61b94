package dev.nightfuse.camera.simulated;

/**
 * One camera at one instant: projects road coordinates to raster coordinates. {@code u} is metres
 * to the right of the road's centre line, {@code h} metres above the road, {@code d} metres ahead
 * of the camera along the road.
 */
final class Eye {

  static final float CAMERA_HEIGHT_M = 1.35f;
  static final float NEAR_M = 0.7f;
  static final float FAR_M = 150;

  final int widthPx;
  final int heightPx;
  final float focalPx;
  private final float centreX;
  private final float centreY;
  private final float baselineM;

  /** Row of the horizon, column of straight ahead, and the camera's place on the road. */
  float horizonY;

  float aheadX;
  float eyeU;
  double egoM;
  private float curvature;

  Eye(int widthPx, int heightPx, float focalPx, float centreX, float centreY, float baselineM) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.focalPx = focalPx;
    this.centreX = centreX;
    this.centreY = centreY;
    this.baselineM = baselineM;
  }

  void place(Drive drive, double sceneS) {
    egoM = drive.egoM(sceneS);
    float speed = drive.speedMps(sceneS) / (float) Drive.CRUISE_MPS;
    double m = egoM;
    curvature = (float) (0.0011 * Math.sin(m / 118) + 0.0006 * Math.sin(m / 53 + 1));
    // The body sways over the road's unevenness: with the way, not with time.
    float pitch = speed * (float) (0.0016 * Math.sin(m * 0.9) + 0.0009 * Math.sin(m * 2.3 + 2));
    float yaw = (float) (0.006 * Math.sin(m / 41)) - curvature * 9;
    horizonY = centreY + pitch * focalPx;
    aheadX = centreX + yaw * focalPx;
    eyeU = 1.8f + 0.12f * (float) Math.sin(m / 37) + baselineM;
  }

  /** Sideways shift of the road at a distance, from its curvature. */
  float bendM(float d) {
    float near = Math.min(d, FAR_M);
    return 0.5f * curvature * near * near + curvature * near * (d - near);
  }

  float x(float u, float d) {
    float depth = Math.max(d, NEAR_M);
    return aheadX + focalPx * (u - eyeU + bendM(depth)) / depth;
  }

  float y(float h, float d) {
    return horizonY + focalPx * (CAMERA_HEIGHT_M - h) / Math.max(d, NEAR_M);
  }

  /** Pixels per metre at a distance. */
  float scale(float d) {
    return focalPx / Math.max(d, NEAR_M);
  }
}

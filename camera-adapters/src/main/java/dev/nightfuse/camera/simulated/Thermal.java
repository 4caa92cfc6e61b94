package dev.nightfuse.camera.simulated;

/**
 * The thermal camera's scale and the temperatures of things on a cool, clear night, in degrees
 * Celsius as the camera sees them (glass and metal show the cold sky they reflect).
 */
final class Thermal {

  static final float SKY = -3.6f;
  static final float SKY_HORIZON = 1.0f;
  static final float ROAD = 8.2f;
  static final float KERB = 7.6f;
  static final float PAVEMENT = 6.2f;
  static final float GRASS = 4.0f;
  static final float WALL = 6.4f;
  static final float FOLIAGE = 6.2f;
  static final float TRUNK = 8.4f;
  static final float METAL = 2.6f;
  static final float PAINT = 6.6f;
  static final float SKIN = 32;
  static final float CLOTHES = 22;
  static final float GLASS = 1.6f;

  private static final float COLDEST = -0.8f;
  private static final float COUNTS_PER_KELVIN = 26;

  /** Counts stay this far inside of 0 to 1023, so that noise can be added without clamping. */
  private static final int MARGIN = 4 * (Grain.PEAK + 3);

  private static final int MAX_COUNT = 1023 - MARGIN;

  private Thermal() {}

  static int counts(float celsius) {
    int counts = MARGIN + Math.round((celsius - COLDEST) * COUNTS_PER_KELVIN);
    return Math.max(MARGIN, Math.min(MAX_COUNT, counts));
  }
}

package dev.nightfuse.camera.simulated;

/**
 * The thermal camera's scale and the temperatures of things on a cool, clear night, in degrees
 * Celsius as the camera sees them (glass and metal show the cold sky they reflect).
 */
final class Thermal {

  static final float SKY = -3.6f;
  static final float SKY_HORIZON = 1.5f;
  static final float ROAD = 8.6f;
  static final float KERB = 7.6f;
  static final float PAVEMENT = 7.2f;
  static final float GRASS = 5.2f;
  static final float WALL = 7.6f;
  static final float FOLIAGE = 7.9f;
  static final float TRUNK = 9.2f;
  static final float METAL = 4.2f;
  static final float PAINT = 7.4f;
  static final float SKIN = 32;
  static final float CLOTHES = 22;
  static final float GLASS = 3;

  private static final float COLDEST = -4;
  private static final float COUNTS_PER_KELVIN = 27;
  static final int MAX_COUNT = 1023;

  private Thermal() {}

  static int counts(float celsius) {
    return Math.max(0, Math.min(MAX_COUNT, Math.round((celsius - COLDEST) * COUNTS_PER_KELVIN)));
  }
}

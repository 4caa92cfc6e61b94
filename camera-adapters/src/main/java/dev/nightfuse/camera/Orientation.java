package dev.nightfuse.camera;

/**
 * How a captured picture becomes upright: it is turned, and what comes of that is mirrored.
 *
 * @param turnedDegrees clockwise: 0, 90, 180 or 270
 */
public record Orientation(int turnedDegrees, Flip flip) {

  public static final Orientation AS_CAPTURED = new Orientation(0, Flip.NONE);

  /** How a picture is mirrored. */
  public enum Flip {
    NONE,
    /** Left and right change places, as behind a mirror. */
    HORIZONTAL,
    /** Top and bottom change places. */
    VERTICAL
  }

  public Orientation {
    if (turnedDegrees < 0 || turnedDegrees > 270 || turnedDegrees % 90 != 0) {
      throw new IllegalArgumentException(
          "turned by %d degrees; allowed are 0, 90, 180 and 270".formatted(turnedDegrees));
    }
  }

  /** Whether width and height change places. */
  public boolean swapsSides() {
    return turnedDegrees % 180 != 0;
  }
}

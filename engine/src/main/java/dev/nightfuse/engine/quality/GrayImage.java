package dev.nightfuse.engine.quality;

/** An 8-bit grey picture, rows without gaps. Never changes after it was made. */
public final class GrayImage {

  private final int widthPx;
  private final int heightPx;
  private final byte[] levels;

  /**
   * @param levels grey levels row by row; kept, not copied
   */
  public GrayImage(int widthPx, int heightPx, byte[] levels) {
    if (widthPx < 1 || heightPx < 1 || levels.length != widthPx * heightPx) {
      throw new IllegalArgumentException(
          "%d levels for a picture of %d x %d".formatted(levels.length, widthPx, heightPx));
    }
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.levels = levels;
  }

  public int widthPx() {
    return widthPx;
  }

  public int heightPx() {
    return heightPx;
  }

  int pixels() {
    return levels.length;
  }

  /** Level of a pixel by its index, 0 to 255. */
  public int level(int index) {
    return levels[index] & 0xff;
  }

  int level(int x, int y) {
    return levels[y * widthPx + x] & 0xff;
  }

  double[] toDoubles() {
    double[] values = new double[levels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = levels[i] & 0xff;
    }
    return values;
  }

  void requireSizeOf(GrayImage other) {
    if (widthPx != other.widthPx || heightPx != other.heightPx) {
      throw new IllegalArgumentException(
          "pictures differ in size: %d x %d and %d x %d"
              .formatted(widthPx, heightPx, other.widthPx, other.heightPx));
    }
  }
}

package dev.nightfuse.frame;

/** Layout of one picture's samples in memory. Planes are tight: no padding at the end of a row. */
public enum PixelFormat {
  /**
   * 8-bit luma, then U, then V, each at half width and half height (rounded up). BT.601 limited
   * range unless told.
   */
  I420(3, 1),
  /** One 8-bit plane. */
  GRAY8(1, 1),
  /** One 16-bit little-endian plane: raw counts of a thermal camera. */
  GRAY16_LE(1, 2);

  private final int planes;
  private final int bytesPerSample;

  PixelFormat(int planes, int bytesPerSample) {
    this.planes = planes;
    this.bytesPerSample = bytesPerSample;
  }

  public int planes() {
    return planes;
  }

  public int bytesPerSample() {
    return bytesPerSample;
  }
}

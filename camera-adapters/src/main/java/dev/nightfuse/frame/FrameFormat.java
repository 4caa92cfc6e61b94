package dev.nightfuse.frame;

/**
 * Size and sample layout of a picture.
 *
 * @param pixelFormat the sample layout
 * @param widthPx width of the first plane, 16 to 8192
 * @param heightPx height of the first plane, 16 to 8192
 */
public record FrameFormat(PixelFormat pixelFormat, int widthPx, int heightPx) {

  public static final int MIN_SIDE_PX = 16;
  public static final int MAX_SIDE_PX = 8192;

  public FrameFormat {
    if (widthPx < MIN_SIDE_PX
        || widthPx > MAX_SIDE_PX
        || heightPx < MIN_SIDE_PX
        || heightPx > MAX_SIDE_PX) {
      throw new IllegalArgumentException(
          "picture size %dx%d: both sides must be %d to %d pixels"
              .formatted(widthPx, heightPx, MIN_SIDE_PX, MAX_SIDE_PX));
    }
  }

  /** Width in samples of plane {@code plane}; chroma planes are half as wide, rounded up. */
  public int planeWidth(int plane) {
    return plane == 0 ? widthPx : (widthPx + 1) / 2;
  }

  /** Height in rows of plane {@code plane}; chroma planes are half as high, rounded up. */
  public int planeHeight(int plane) {
    return plane == 0 ? heightPx : (heightPx + 1) / 2;
  }

  public int planeSizeBytes(int plane) {
    return planeWidth(plane) * planeHeight(plane) * pixelFormat.bytesPerSample();
  }

  public int planeOffsetBytes(int plane) {
    int offset = 0;
    for (int p = 0; p < plane; p++) {
      offset += planeSizeBytes(p);
    }
    return offset;
  }

  public int sizeBytes() {
    return planeOffsetBytes(pixelFormat.planes());
  }

  @Override
  public String toString() {
    return "%s %dx%d".formatted(pixelFormat, widthPx, heightPx);
  }
}

package dev.nightfuse.camera;

import org.jspecify.annotations.Nullable;

/**
 * How a camera's picture is shown: how large and which way up.
 *
 * @param size as shown, after turning; null for the size as it comes
 */
public record Framing(@Nullable PictureSize size, Orientation orientation) {

  public static final Framing AS_CAPTURED = new Framing(null, Orientation.AS_CAPTURED);

  /** The size before the picture is turned; null as above. */
  public @Nullable PictureSize capturedSize() {
    PictureSize shown = size;
    return shown != null && orientation.swapsSides()
        ? new PictureSize(/* widthPx= */ shown.heightPx(), /* heightPx= */ shown.widthPx())
        : shown;
  }
}

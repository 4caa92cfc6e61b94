package dev.nightfuse.engine;

import java.nio.ByteBuffer;

/**
 * One plane of the model file contract, at the size of the pictures an engine is opened for.
 *
 * @param name such as {@link ModelManifest#VISIBLE_Y}
 * @param widthPx width
 * @param heightPx height
 */
public record Plane(String name, int widthPx, int heightPx) {

  public int sizeBytes() {
    return widthPx * heightPx;
  }

  /** Refuses a buffer of another kind or size, naming both. */
  public void check(ByteBuffer plane) {
    if (!plane.isDirect() || plane.capacity() != sizeBytes()) {
      throw new IllegalArgumentException(
          "plane %s must be a direct buffer of %d x %d = %d bytes, got %s of %d"
              .formatted(
                  name,
                  widthPx,
                  heightPx,
                  sizeBytes(),
                  plane.isDirect() ? "a direct buffer" : "a heap buffer",
                  plane.capacity()));
    }
  }
}

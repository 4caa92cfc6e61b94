package dev.nightfuse.registration;

import java.util.Arrays;

/** Grey levels that can be made smaller and sampled anywhere. Immutable. */
final class GrayPlane {

  final int width;
  final int height;
  private final float[] levels;

  GrayPlane(int width, int height, float[] levels) {
    this.width = width;
    this.height = height;
    this.levels = levels;
  }

  /** Row by row; not to be written to. */
  float[] levels() {
    return levels;
  }

  /**
   * Every value the mean of {@code factor} by {@code factor}; what does not fill one is cut off.
   */
  GrayPlane reduced(int factor) {
    if (factor <= 1) {
      return this;
    }
    int w = width / factor;
    int h = height / factor;
    float[] means = new float[w * h];
    for (int y = 0; y < h * factor; y++) {
      for (int x = 0; x < w * factor; x++) {
        means[y / factor * w + x / factor] += levels[y * width + x];
      }
    }
    for (int i = 0; i < means.length; i++) {
      means[i] /= factor * factor;
    }
    return new GrayPlane(w, h, means);
  }

  /**
   * This picture as another sees it, bilinear; NaN where it has nothing.
   *
   * @param toThis from pixels of the result to pixels of this picture
   */
  float[] seenThrough(Projection toThis, int toWidth, int toHeight) {
    float[] seen = new float[toWidth * toHeight];
    Arrays.fill(seen, Float.NaN);
    for (int v = 0; v < toHeight; v++) {
      for (int u = 0; u < toWidth; u++) {
        boolean mapped = toThis.map(u, v);
        double x = toThis.x();
        double y = toThis.y();
        if (mapped && x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1) {
          int left = (int) Math.min(x, width - 2);
          int top = (int) Math.min(y, height - 2);
          float right = (float) (x - left);
          float low = (float) (y - top);
          int at = top * width + left;
          float above = levels[at] + right * (levels[at + 1] - levels[at]);
          float below = levels[at + width] + right * (levels[at + width + 1] - levels[at + width]);
          seen[v * toWidth + u] = above + low * (below - above);
        }
      }
    }
    return seen;
  }
}

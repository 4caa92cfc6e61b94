package dev.nightfuse.engine.quality;

/** A separable Gaussian window with a sum of 1, applied where it fits whole. */
final class GaussianWindow {

  private final double[] taps;

  GaussianWindow(int sidePx) {
    double sigma = sidePx / 5.0;
    taps = new double[sidePx];
    double sum = 0;
    for (int i = 0; i < sidePx; i++) {
      double distance = i - (sidePx - 1) / 2.0;
      taps[i] = Math.exp(-distance * distance / (2 * sigma * sigma));
      sum += taps[i];
    }
    for (int i = 0; i < sidePx; i++) {
      taps[i] /= sum;
    }
  }

  /** Side of the result for a side of the input. */
  int valid(int sidePx) {
    return sidePx - taps.length + 1;
  }

  /**
   * Filters a plane. The innermost loops run along rows in both passes, which lets the compiler use
   * vector instructions. Bounds: x + t is at most valid(width) - 1 + taps - 1 = width - 1, and y +
   * t likewise.
   */
  double[] filter(double[] plane, int width, int height) {
    int validWidth = valid(width);
    int validHeight = valid(height);
    double[] along = new double[validWidth * height];
    for (int y = 0; y < height; y++) {
      for (int t = 0; t < taps.length; t++) {
        addScaled(along, y * validWidth, plane, y * width + t, taps[t], validWidth);
      }
    }
    double[] result = new double[validWidth * validHeight];
    for (int y = 0; y < validHeight; y++) {
      for (int t = 0; t < taps.length; t++) {
        addScaled(result, y * validWidth, along, (y + t) * validWidth, taps[t], validWidth);
      }
    }
    return result;
  }

  private static void addScaled(
      double[] target, int targetAt, double[] source, int sourceAt, double factor, int count) {
    for (int x = 0; x < count; x++) {
      target[targetAt + x] += factor * source[sourceAt + x];
    }
  }
}

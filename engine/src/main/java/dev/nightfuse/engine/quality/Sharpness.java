package dev.nightfuse.engine.quality;

/** Contrast and detail of a single picture. */
final class Sharpness {

  private Sharpness() {}

  /** Population standard deviation of the grey levels. */
  static double standardDeviation(GrayImage image) {
    long sum = 0;
    long squares = 0;
    for (int i = 0; i < image.pixels(); i++) {
      int level = image.level(i);
      sum += level;
      squares += (long) level * level;
    }
    double mean = (double) sum / image.pixels();
    return Math.sqrt(Math.max(0, (double) squares / image.pixels() - mean * mean));
  }

  /** Root of the mean squared steps to the right plus those downwards. */
  static double spatialFrequency(GrayImage image) {
    int width = image.widthPx();
    int height = image.heightPx();
    long right = 0;
    long down = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int level = image.level(x, y);
        if (x + 1 < width) {
          int step = image.level(x + 1, y) - level;
          right += (long) step * step;
        }
        if (y + 1 < height) {
          int step = image.level(x, y + 1) - level;
          down += (long) step * step;
        }
      }
    }
    return Math.sqrt(
        (double) right / (height * (width - 1)) + (double) down / ((height - 1) * width));
  }

  /** Mean of sqrt((gx^2 + gy^2) / 2); differences are central inside, one-sided at borders. */
  static double averageGradient(GrayImage image) {
    int width = image.widthPx();
    int height = image.heightPx();
    double sum = 0;
    for (int y = 0; y < height; y++) {
      int above = Math.max(y - 1, 0);
      int below = Math.min(y + 1, height - 1);
      for (int x = 0; x < width; x++) {
        int left = Math.max(x - 1, 0);
        int right = Math.min(x + 1, width - 1);
        double gx = (double) (image.level(right, y) - image.level(left, y)) / (right - left);
        double gy = (double) (image.level(x, below) - image.level(x, above)) / (below - above);
        sum += Math.sqrt((gx * gx + gy * gy) / 2);
      }
    }
    return sum / image.pixels();
  }
}

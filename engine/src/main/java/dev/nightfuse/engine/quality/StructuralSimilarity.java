package dev.nightfuse.engine.quality;

/** SSIM with a uniform 7x7 window, sample covariance and range 255; mean over whole windows. */
final class StructuralSimilarity {

  private static final int SIDE_PX = 7;
  private static final double COUNT = SIDE_PX * SIDE_PX;
  private static final double SAMPLE_FACTOR = COUNT / (COUNT - 1);
  private static final double C1 = 0.01 * 255 * 0.01 * 255;
  private static final double C2 = 0.03 * 255 * 0.03 * 255;

  private StructuralSimilarity() {}

  static double of(GrayImage a, GrayImage b) {
    int n = a.pixels();
    int[] levelsA = new int[n];
    int[] levelsB = new int[n];
    int[] squaresA = new int[n];
    int[] squaresB = new int[n];
    int[] products = new int[n];
    for (int i = 0; i < n; i++) {
      int va = a.level(i);
      int vb = b.level(i);
      levelsA[i] = va;
      levelsB[i] = vb;
      squaresA[i] = va * va;
      squaresB[i] = vb * vb;
      products[i] = va * vb;
    }
    int width = a.widthPx();
    int height = a.heightPx();
    int[] sumA = windowSums(levelsA, width, height);
    int[] sumB = windowSums(levelsB, width, height);
    int[] sumAa = windowSums(squaresA, width, height);
    int[] sumBb = windowSums(squaresB, width, height);
    int[] sumAb = windowSums(products, width, height);
    double total = 0;
    for (int i = 0; i < sumA.length; i++) {
      double meanA = sumA[i] / COUNT;
      double meanB = sumB[i] / COUNT;
      double varianceA = SAMPLE_FACTOR * (sumAa[i] / COUNT - meanA * meanA);
      double varianceB = SAMPLE_FACTOR * (sumBb[i] / COUNT - meanB * meanB);
      double covariance = SAMPLE_FACTOR * (sumAb[i] / COUNT - meanA * meanB);
      total +=
          ((2 * meanA * meanB + C1) * (2 * covariance + C2))
              / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
    }
    return total / sumA.length;
  }

  /** Sums over all whole windows; 49 products of two levels are far below the range of int. */
  private static int[] windowSums(int[] plane, int width, int height) {
    int validWidth = width - SIDE_PX + 1;
    int validHeight = height - SIDE_PX + 1;
    int[] along = new int[validWidth * height];
    for (int y = 0; y < height; y++) {
      for (int t = 0; t < SIDE_PX; t++) {
        add(along, y * validWidth, plane, y * width + t, validWidth);
      }
    }
    int[] sums = new int[validWidth * validHeight];
    for (int y = 0; y < validHeight; y++) {
      for (int t = 0; t < SIDE_PX; t++) {
        add(sums, y * validWidth, along, (y + t) * validWidth, validWidth);
      }
    }
    return sums;
  }

  private static void add(int[] target, int targetAt, int[] source, int sourceAt, int count) {
    for (int x = 0; x < count; x++) {
      target[targetAt + x] += source[sourceAt + x];
    }
  }
}

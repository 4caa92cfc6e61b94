package dev.nightfuse.engine.quality;

import java.util.function.IntUnaryOperator;

/** Correlations of pictures, in exact integer sums until the last step. */
final class Correlation {

  private Correlation() {}

  /** Pearson's coefficient; NaN when a picture is flat. */
  static double pearson(GrayImage a, GrayImage b) {
    return pearson(a.pixels(), a::level, b::level);
  }

  /** SCD: what the fused picture has beyond one source should look like the other. */
  static double ofDifferences(GrayImage fused, GrayImage infrared, GrayImage visible) {
    int pixels = fused.pixels();
    return pearson(pixels, infrared::level, i -> fused.level(i) - visible.level(i))
        + pearson(pixels, visible::level, i -> fused.level(i) - infrared.level(i));
  }

  private static double pearson(int pixels, IntUnaryOperator a, IntUnaryOperator b) {
    long sumA = 0;
    long sumB = 0;
    long sumAa = 0;
    long sumBb = 0;
    long sumAb = 0;
    for (int i = 0; i < pixels; i++) {
      int va = a.applyAsInt(i);
      int vb = b.applyAsInt(i);
      sumA += va;
      sumB += vb;
      sumAa += (long) va * va;
      sumBb += (long) vb * vb;
      sumAb += (long) va * vb;
    }
    double covariance = sumAb - (double) sumA * sumB / pixels;
    double varianceA = sumAa - (double) sumA * sumA / pixels;
    double varianceB = sumBb - (double) sumB * sumB / pixels;
    return covariance / Math.sqrt(varianceA * varianceB);
  }
}

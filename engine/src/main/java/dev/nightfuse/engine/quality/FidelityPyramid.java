package dev.nightfuse.engine.quality;

import java.util.ArrayList;
import java.util.List;

/** A picture at the four scales of VIF in the pixel domain, with its local means and variances. */
final class FidelityPyramid {

  static final int MIN_SIDE_PX = 41;

  private static final int[] WINDOW_SIDES_PX = {17, 9, 5, 3};
  private static final double NOISE_VARIANCE = 2;
  private static final double TINY = 1e-10;

  /** One scale; mean and variance are of the window's valid size. */
  private record Level(
      GaussianWindow window,
      int width,
      int height,
      double[] plane,
      double[] mean,
      double[] variance) {

    static Level of(GaussianWindow window, double[] plane, int width, int height) {
      double[] mean = window.filter(plane, width, height);
      double[] variance = window.filter(product(plane, plane), width, height);
      for (int i = 0; i < variance.length; i++) {
        variance[i] = Math.max(0, variance[i] - mean[i] * mean[i]);
      }
      return new Level(window, width, height, plane, mean, variance);
    }
  }

  private final List<Level> levels;

  private FidelityPyramid(List<Level> levels) {
    this.levels = levels;
  }

  static FidelityPyramid of(GrayImage image) {
    int width = image.widthPx();
    int height = image.heightPx();
    if (width < MIN_SIDE_PX || height < MIN_SIDE_PX) {
      throw new IllegalArgumentException(
          "picture of %d x %d is too small for VIF: %d at least"
              .formatted(width, height, MIN_SIDE_PX));
    }
    double[] plane = image.toDoubles();
    List<Level> levels = new ArrayList<>();
    for (int side : WINDOW_SIDES_PX) {
      GaussianWindow window = new GaussianWindow(side);
      if (!levels.isEmpty()) {
        double[] smooth = window.filter(plane, width, height);
        int smoothWidth = window.valid(width);
        width = (smoothWidth + 1) / 2;
        height = (window.valid(height) + 1) / 2;
        plane = new double[width * height];
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            plane[y * width + x] = smooth[2 * y * smoothWidth + 2 * x];
          }
        }
      }
      levels.add(Level.of(window, plane, width, height));
    }
    return new FidelityPyramid(levels);
  }

  /** Share of this picture's information that a distorted one still carries. */
  double fidelityOf(FidelityPyramid distorted) {
    double kept = 0;
    double all = 0;
    for (int i = 0; i < levels.size(); i++) {
      Level reference = levels.get(i);
      Level other = distorted.levels.get(i);
      double[] cross =
          reference.window.filter(
              product(reference.plane, other.plane), reference.width, reference.height);
      for (int p = 0; p < cross.length; p++) {
        double variance = reference.variance[p];
        double noise = other.variance[p];
        double gain = 0;
        if (variance < TINY) {
          variance = 0;
        } else if (noise < TINY) {
          noise = 0;
        } else {
          double covariance = cross[p] - reference.mean[p] * other.mean[p];
          gain = covariance / (variance + TINY);
          noise -= gain * covariance;
          if (gain < 0) {
            noise = other.variance[p];
            gain = 0;
          }
        }
        noise = Math.max(noise, TINY);
        kept += Math.log10(1 + gain * gain * variance / (noise + NOISE_VARIANCE));
        all += Math.log10(1 + variance / NOISE_VARIANCE);
      }
    }
    // No information in the reference: nothing can have been lost.
    return all == 0 ? 1 : kept / all;
  }

  private static double[] product(double[] a, double[] b) {
    double[] result = new double[a.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = a[i] * b[i];
    }
    return result;
  }
}

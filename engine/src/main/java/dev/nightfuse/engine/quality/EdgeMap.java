package dev.nightfuse.engine.quality;

/**
 * Sobel strength and angle of each pixel, and Qabf from three such maps.
 *
 * @param strength gradient magnitude
 * @param angle gradient direction modulo half a turn, -pi/2 to pi/2
 */
record EdgeMap(double[] strength, double[] angle) {

  private static final double QUARTER_TURN = Math.PI / 2;

  /** Sobel with zeros around the picture, so its frame is an edge as well: the usual reading. */
  static EdgeMap of(GrayImage image) {
    int width = image.widthPx();
    int height = image.heightPx();
    double[] strength = new double[image.pixels()];
    double[] angle = new double[image.pixels()];
    // Three rows with a zero on either side; below the last row they are zero throughout.
    int[] above = new int[width + 2];
    int[] here = new int[width + 2];
    int[] below = new int[width + 2];
    fill(here, image, 0);
    for (int y = 0; y < height; y++) {
      fill(below, image, y + 1);
      for (int x = 0; x < width; x++) {
        int right = above[x + 2] + 2 * here[x + 2] + below[x + 2];
        int left = above[x] + 2 * here[x] + below[x];
        int top = above[x] + 2 * above[x + 1] + above[x + 2];
        int bottom = below[x] + 2 * below[x + 1] + below[x + 2];
        int sx = right - left;
        int sy = top - bottom;
        int i = y * width + x;
        strength[i] = Math.sqrt(sx * sx + sy * sy);
        angle[i] = sx == 0 ? QUARTER_TURN : Math.atan((double) sy / sx);
      }
      int[] free = above;
      above = here;
      here = below;
      below = free;
    }
    return new EdgeMap(strength, angle);
  }

  private static void fill(int[] row, GrayImage image, int y) {
    for (int x = 0; x < image.widthPx(); x++) {
      row[x + 1] = y < image.heightPx() ? image.level(x, y) : 0;
    }
  }

  /** Share of the sources' edges that the fused picture keeps, weighted by their strength. */
  static double edgesKept(EdgeMap infrared, EdgeMap visible, EdgeMap fused) {
    double kept = 0;
    double all = 0;
    for (int i = 0; i < fused.strength.length; i++) {
      double a = infrared.strength[i];
      double b = visible.strength[i];
      kept += infrared.keptBy(fused, i) * a + visible.keptBy(fused, i) * b;
      all += a + b;
    }
    return kept / all;
  }

  private double keptBy(EdgeMap fused, int i) {
    double source = strength[i];
    if (source == 0) {
      // Its weight is zero.
      return 0;
    }
    double target = fused.strength[i];
    // Equal strengths stand for themselves, not for the ratio 1: so does the published measure.
    double ratio = source == target ? target : Math.min(source, target) / Math.max(source, target);
    double alignment = 1 - Math.abs(angle[i] - fused.angle[i]) / QUARTER_TURN;
    double ofStrength = 0.9994 / (1 + Math.exp(-15 * (ratio - 0.5)));
    double ofAngle = 0.9879 / (1 + Math.exp(-22 * (alignment - 0.8)));
    return ofStrength * ofAngle;
  }
}

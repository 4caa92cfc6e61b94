package dev.nightfuse.training.data;

/**
 * Where each pixel of a crop comes from along one axis: lower neighbour and weight of the upper one
 * in 1/256, and the nearest pixel, which counts while the crop lies inside the picture.
 */
final class CropAxis {

  static final int ONE = 256;

  final int[] lower;
  final int[] weight;
  final int[] nearest;
  private final double start;
  private final double step;
  private final boolean mirrored;

  /**
   * @param source pixels of the picture
   * @param size pixels of the crop
   * @param start where the crop starts, in pixels of the picture from its edge
   * @param step pixels of the picture for each of the crop
   */
  CropAxis(int source, int size, double start, double step, boolean mirrored) {
    this.start = start;
    this.step = step;
    this.mirrored = mirrored;
    lower = new int[size];
    weight = new int[size];
    nearest = new int[size];
    for (int i = 0; i < size; i++) {
      int at = mirrored ? size - 1 - i : i;
      double edge = start + (at + 0.5) * step;
      double centre = Math.max(0, Math.min(source - 1, edge - 0.5));
      // The upper neighbour must exist; at the last pixel it has all the weight.
      int low = Math.max(0, Math.min(source - 2, (int) centre));
      lower[i] = low;
      weight[i] = source == 1 ? 0 : (int) Math.round((centre - low) * ONE);
      nearest[i] = (int) edge;
    }
  }

  int size() {
    return lower.length;
  }

  /** An interval of the picture in the crop's pixels, in order. */
  double[] interval(double from, double to) {
    double a = (from - start) / step;
    double b = (to - start) / step;
    return mirrored ? new double[] {size() - b, size() - a} : new double[] {a, b};
  }
}

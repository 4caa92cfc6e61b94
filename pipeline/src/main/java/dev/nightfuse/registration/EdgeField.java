package dev.nightfuse.registration;

/**
 * Edges of a picture, in a form that two cameras of different kinds share: where they are and along
 * which line they run, but neither how strong they are nor which side is brighter. A sample is the
 * gradient turned to twice its angle, so that opposite contrasts are the same, divided by its
 * squared length and a typical one: 0 without an edge, of length nearly 1 on a clear one
 * (normalised gradient fields: Haber, Modersitzki, MICCAI 2006).
 */
final class EdgeField {

  final int width;
  final int height;
  final float[] re;
  final float[] im;

  private EdgeField(int width, int height) {
    this.width = width;
    this.height = height;
    this.re = new float[width * height];
    this.im = new float[width * height];
  }

  /**
   * @param levels row by row; NaN where the camera does not see
   */
  static EdgeField of(float[] levels, int width, int height) {
    EdgeField field = new EdgeField(width, height);
    float[] smooth = smooth(levels, width, height);
    double squares = 0;
    int known = 0;
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int at = y * width + x;
        float gx = smooth[at + 1] - smooth[at - 1];
        float gy = smooth[at + width] - smooth[at - width];
        float square = gx * gx + gy * gy;
        if (!Float.isNaN(square)) {
          field.re[at] = gx * gx - gy * gy;
          field.im[at] = 2 * gx * gy;
          squares += square;
          known++;
        }
      }
    }
    float typical = (float) (squares / Math.max(known, 1)) + 1e-3f;
    for (int at = 0; at < field.re.length; at++) {
      float re = field.re[at];
      float im = field.im[at];
      float square = (float) Math.sqrt(re * re + im * im);
      field.re[at] /= square + typical;
      field.im[at] /= square + typical;
    }
    return field;
  }

  /** Sum of the squared lengths of all samples. */
  double energy() {
    double sum = 0;
    for (int at = 0; at < re.length; at++) {
      sum += re[at] * re[at] + im[at] * im[at];
    }
    return sum;
  }

  /** Binomial, 3 by 3; NaN spreads. */
  private static float[] smooth(float[] levels, int width, int height) {
    float[] rows = new float[levels.length];
    float[] both = new float[levels.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        rows[at] =
            (levels[x > 0 ? at - 1 : at] + 2 * levels[at] + levels[x < width - 1 ? at + 1 : at])
                / 4;
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        both[at] =
            (rows[y > 0 ? at - width : at] + 2 * rows[at] + rows[y < height - 1 ? at + width : at])
                / 4;
      }
    }
    return both;
  }
}

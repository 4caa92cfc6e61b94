package dev.nightfuse.training.data;

/** The pixel loops of {@link Augmenter}. Pictures are at least two pixels wide and high. */
final class Resampler {

  private Resampler() {}

  /**
   * Bilinear. Bounds: an axis gives lower neighbours up to its size minus two, so both columns and
   * both rows lie in the plane.
   */
  static void levels(
      byte[] source, int from, CropAxis x, CropAxis y, int sourceWidth, byte[] target, int to) {
    int width = x.size();
    int[] lower = x.lower;
    int[] weight = x.weight;
    for (int r = 0; r < y.size(); r++) {
      int top = from + y.lower[r] * sourceWidth;
      int down = y.weight[r];
      int out = to + r * width;
      for (int c = 0; c < width; c++) {
        int at = top + lower[c];
        int right = weight[c];
        int above = (source[at] & 0xff) * (CropAxis.ONE - right) + (source[at + 1] & 0xff) * right;
        int below =
            (source[at + sourceWidth] & 0xff) * (CropAxis.ONE - right)
                + (source[at + sourceWidth + 1] & 0xff) * right;
        target[out + c] = (byte) ((above * (CropAxis.ONE - down) + below * down + 0x8000) >>> 16);
      }
    }
  }

  /** The nearest one each. */
  static byte[] labels(byte[] source, CropAxis x, CropAxis y, int sourceWidth) {
    int width = x.size();
    byte[] target = new byte[width * y.size()];
    for (int r = 0; r < y.size(); r++) {
      int row = y.nearest[r] * sourceWidth;
      for (int c = 0; c < width; c++) {
        target[r * width + c] = source[row + x.nearest[c]];
      }
    }
    return target;
  }

  /** Binomial 3x3 in place; the edge is repeated. */
  static void smooth(byte[] plane, int from, int width, int height) {
    int[] sums = new int[width];
    int[] above = new int[width];
    int[] here = new int[width];
    int[] below = new int[width];
    across(plane, from, width, here);
    System.arraycopy(here, 0, above, 0, width);
    for (int y = 0; y < height; y++) {
      across(plane, from + Math.min(y + 1, height - 1) * width, width, below);
      for (int x = 0; x < width; x++) {
        sums[x] = above[x] + 2 * here[x] + below[x];
      }
      int[] free = above;
      above = here;
      here = below;
      below = free;
      for (int x = 0; x < width; x++) {
        plane[from + y * width + x] = (byte) ((sums[x] + 8) >> 4);
      }
    }
  }

  private static void across(byte[] plane, int row, int width, int[] sums) {
    for (int x = 0; x < width; x++) {
      int left = plane[row + Math.max(0, x - 1)] & 0xff;
      int right = plane[row + Math.min(width - 1, x + 1)] & 0xff;
      sums[x] = left + 2 * (plane[row + x] & 0xff) + right;
    }
  }
}

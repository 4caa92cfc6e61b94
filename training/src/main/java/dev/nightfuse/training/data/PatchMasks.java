package dev.nightfuse.training.data;

/**
 * Which patches of a pair a network may see in masked reconstruction (MAFS, stage I, as in the
 * released code): of both modalities a random part is hidden, the ratio random for each sample, and
 * every patch is left in one modality at least.
 *
 * @param columns patches of a row
 * @param visible whether the patch of visible is left, row by row
 * @param infrared likewise
 */
public record PatchMasks(int columns, int rows, boolean[] visible, boolean[] infrared) {

  /** Side of a patch in pixels. */
  public static final int PATCH_PX = 32;

  /** For a picture of this size; patches at the right and lower edge may be cut. */
  public static PatchMasks of(long seed, int widthPx, int heightPx) {
    Dice dice = new Dice(Dice.seed(seed, 0x6d61736b));
    int columns = (widthPx + PATCH_PX - 1) / PATCH_PX;
    int rows = (heightPx + PATCH_PX - 1) / PATCH_PX;
    double keep = 0.1 + dice.unit() / 1.12;
    boolean[] first = product(dice, keep, columns * rows);
    boolean[] second = product(dice, keep, columns * rows);
    boolean[] decides = product(dice, keep, columns * rows);
    for (int i = 0; i < first.length; i++) {
      if (!first[i] && !second[i]) {
        first[i] = decides[i];
        second[i] = !decides[i];
      }
    }
    boolean swapped = dice.chance(0.5);
    return new PatchMasks(columns, rows, swapped ? second : first, swapped ? first : second);
  }

  /** Both of two throws must come up. */
  private static boolean[] product(Dice dice, double probability, int size) {
    boolean[] grid = new boolean[size];
    for (int i = 0; i < size; i++) {
      boolean one = dice.chance(probability);
      boolean other = dice.chance(probability);
      grid[i] = one && other;
    }
    return grid;
  }

  /** 1 for each pixel that is hidden, row by row. */
  public static float[] hidden(boolean[] left, int columns, int widthPx, int heightPx) {
    float[] hidden = new float[widthPx * heightPx];
    for (int y = 0; y < heightPx; y++) {
      for (int x = 0; x < widthPx; x++) {
        hidden[y * widthPx + x] = left[y / PATCH_PX * columns + x / PATCH_PX] ? 0 : 1;
      }
    }
    return hidden;
  }
}

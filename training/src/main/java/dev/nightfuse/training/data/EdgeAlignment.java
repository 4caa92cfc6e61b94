package dev.nightfuse.training.data;

/**
 * How well the edges of two pictures lie on one another, in place and moved. Levels of the two
 * modalities have little to do with one another and so have their gradients' signs; where edges are
 * is what they share, so the magnitudes of gradients are correlated, coarsely.
 *
 * @param inPlace correlation as it is
 * @param best greatest correlation of the moves that were tried
 * @param right of the second picture, in pixels, of the best move
 * @param down likewise
 */
record EdgeAlignment(double inPlace, double best, int right, int down) {

  /** Moves are tried at steps of this many pixels, the width of a cell. */
  private static final int CELL_PX = 4;

  private static final int MOST_CELLS = 6;

  /** A pair lies apart when a move of two cells or more is better by this much. */
  private static final double BETTER = 0.05;

  /** Below this no move says anything. */
  private static final double LEAST = 0.15;

  boolean apart() {
    int move = Math.max(Math.abs(right), Math.abs(down));
    return best >= LEAST && best - inPlace >= BETTER && move >= 2 * CELL_PX;
  }

  static EdgeAlignment of(byte[] first, byte[] second, int widthPx, int heightPx) {
    int columns = widthPx / CELL_PX;
    int rows = heightPx / CELL_PX;
    float[] a = edges(first, widthPx, columns, rows);
    float[] b = edges(second, widthPx, columns, rows);
    double inPlace = 0;
    double best = -1;
    int bestX = 0;
    int bestY = 0;
    int reach = Math.min(MOST_CELLS, Math.min(columns, rows) / 4);
    for (int dy = -reach; dy <= reach; dy++) {
      for (int dx = -reach; dx <= reach; dx++) {
        double agreement = correlation(a, b, columns, rows, dx, dy, reach);
        if (dx == 0 && dy == 0) {
          inPlace = agreement;
        }
        if (agreement > best) {
          best = agreement;
          bestX = dx;
          bestY = dy;
        }
      }
    }
    return new EdgeAlignment(inPlace, best, -bestX * CELL_PX, -bestY * CELL_PX);
  }

  /** Root of the strongest gradient of each cell, so that one bright lamp does not decide alone. */
  private static float[] edges(byte[] levels, int width, int columns, int rows) {
    float[] cells = new float[columns * rows];
    for (int y = 1; y < rows * CELL_PX - 1; y++) {
      for (int x = 1; x < columns * CELL_PX - 1; x++) {
        int at = y * width + x;
        int dx = (levels[at + 1] & 0xff) - (levels[at - 1] & 0xff);
        int dy = (levels[at + width] & 0xff) - (levels[at - width] & 0xff);
        int cell = y / CELL_PX * columns + x / CELL_PX;
        cells[cell] = Math.max(cells[cell], dx * dx + dy * dy);
      }
    }
    for (int i = 0; i < cells.length; i++) {
      cells[i] = (float) Math.sqrt(Math.sqrt(cells[i]));
    }
    return cells;
  }

  /** Of the cells that stay inside whatever the move. */
  private static double correlation(
      float[] a, float[] b, int columns, int rows, int dx, int dy, int reach) {
    double sumA = 0;
    double sumB = 0;
    double sumAa = 0;
    double sumBb = 0;
    double sumAb = 0;
    int n = 0;
    for (int y = reach; y < rows - reach; y++) {
      for (int x = reach; x < columns - reach; x++) {
        double va = a[y * columns + x];
        double vb = b[(y + dy) * columns + x + dx];
        sumA += va;
        sumB += vb;
        sumAa += va * va;
        sumBb += vb * vb;
        sumAb += va * vb;
        n++;
      }
    }
    double scale = Math.sqrt((sumAa - sumA * sumA / n) * (sumBb - sumB * sumB / n));
    return scale > 0 ? (sumAb - sumA * sumB / n) / scale : 0;
  }
}

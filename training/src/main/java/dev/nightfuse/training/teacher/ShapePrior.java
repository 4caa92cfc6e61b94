package dev.nightfuse.training.teacher;

import dev.nightfuse.training.data.PairDataset;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.data.TrainingSample.Box;

/**
 * How much of a box its object fills, on average: the mean mask of each boxed class, learnt from
 * pairs that have label maps and boxes. A class that was seen too seldom gets a round shape.
 * Immutable after construction.
 */
public final class ShapePrior {

  private static final int SIDE = 16;
  private static final int FEWEST = 8;

  /** Smaller boxes, and boxes that the map hardly fills, teach nothing about shape. */
  private static final double LEAST_SIDE_PX = 8;

  private static final double LEAST_FILLED = 0.25;

  /** Share of the boxes whose object fills the cell, class by class. */
  private final double[][] filled;

  /**
   * @param classes number of classes
   */
  public ShapePrior(PairDataset labelled, int classes) {
    filled = new double[classes][SIDE * SIDE];
    int[] count = new int[classes];
    for (int i = 0; i < labelled.size(); i++) {
      TrainingSample sample = labelled.load(i);
      byte[] labels = sample.labels();
      if (labels != null && sample.boxes() != null) {
        for (Box box : sample.boxes()) {
          learn(sample.widthPx(), labels, box, count);
        }
      }
    }
    for (int c = 0; c < classes; c++) {
      for (int cell = 0; cell < SIDE * SIDE; cell++) {
        filled[c][cell] =
            count[c] < FEWEST
                ? round(centre(cell % SIDE), centre(cell / SIDE))
                : filled[c][cell] / count[c];
      }
    }
  }

  private void learn(int stride, byte[] labels, Box box, int[] count) {
    double width = box.right() - box.left();
    double height = box.bottom() - box.top();
    if (width < LEAST_SIDE_PX || height < LEAST_SIDE_PX) {
      return;
    }
    boolean[] mask = new boolean[SIDE * SIDE];
    int covered = 0;
    for (int cell = 0; cell < mask.length; cell++) {
      int x = (int) (box.left() + centre(cell % SIDE) * width);
      int y = (int) (box.top() + centre(cell / SIDE) * height);
      mask[cell] = labels[y * stride + x] == box.label();
      covered += mask[cell] ? 1 : 0;
    }
    if (covered >= LEAST_FILLED * mask.length) {
      count[box.label()]++;
      for (int cell = 0; cell < mask.length; cell++) {
        filled[box.label()][cell] += mask[cell] ? 1 : 0;
      }
    }
  }

  private static double centre(int cell) {
    return (cell + 0.5) / SIDE;
  }

  private static double round(double x, double y) {
    double dx = 2 * x - 1;
    double dy = 2 * y - 1;
    return 1 / (1 + Math.exp(5 * (Math.sqrt(dx * dx + dy * dy) - 0.95)));
  }

  /**
   * Probability that the object covers a point of its box; 0 outside.
   *
   * @param x from the left edge, 0 to 1
   * @param y from the upper edge, 0 to 1
   */
  double at(int label, double x, double y) {
    if (x < 0 || y < 0 || x >= 1 || y >= 1) {
      return 0;
    }
    double column = Math.max(0, Math.min(SIDE - 1, x * SIDE - 0.5));
    double row = Math.max(0, Math.min(SIDE - 1, y * SIDE - 0.5));
    int left = Math.min((int) column, SIDE - 2);
    int top = Math.min((int) row, SIDE - 2);
    double right = column - left;
    double below = row - top;
    double[] grid = filled[label];
    int at = top * SIDE + left;
    return (1 - below) * ((1 - right) * grid[at] + right * grid[at + 1])
        + below * ((1 - right) * grid[at + SIDE] + right * grid[at + SIDE + 1]);
  }
}

package dev.nightfuse.training.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.pytorch.Tensor;

/** Small tensors written as numbers, and gradients checked against differences. */
final class Numbers {

  private static final double STEP = 1e-6;

  private Numbers() {}

  /** {@code [1, 1, rows, columns]}. */
  static Tensor picture(double[]... rows) {
    double[] values = new double[rows.length * rows[0].length];
    for (int y = 0; y < rows.length; y++) {
      System.arraycopy(rows[y], 0, values, y * rows[0].length, rows[0].length);
    }
    return Tensor.create(values, 1, 1, rows.length, rows[0].length);
  }

  static double[] row(double... values) {
    return values;
  }

  /** {@code [1, 1, values]}. */
  static Tensor labels(long... values) {
    return Tensor.create(values, 1, 1, values.length);
  }

  /** {@code [1, 2, 1, pixels]} logits with which class 0 has the given probability. */
  static Tensor logitsOfClass0(double... probability) {
    double[] values = new double[2 * probability.length];
    for (int i = 0; i < probability.length; i++) {
      values[i] = Math.log(probability[i] / (1 - probability[i]));
    }
    return Tensor.create(values, 1, 2, 1, probability.length);
  }

  /** Values between -1 and 1, the same for the same seed. */
  static Tensor random(long seed, long... shape) {
    int count = 1;
    for (long side : shape) {
      count *= (int) side;
    }
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = 2 * random.nextDouble() - 1;
    }
    return Tensor.create(values, shape);
  }

  /** Compares the gradient of each element with a central difference; x is double precision. */
  static void assertGradient(UnaryOperator<Tensor> loss, Tensor x) {
    Tensor leaf = x.detach().clone().requires_grad_(true);
    loss.apply(leaf).backward();
    Tensor gradient = leaf.grad().flatten();
    Tensor moved = x.detach().clone();
    DoubleIndexer values = moved.flatten().createIndexer();
    for (long i = 0; i < gradient.numel(); i++) {
      double value = values.get(i);
      values.put(i, value + STEP);
      double above = loss.apply(moved).item_double();
      values.put(i, value - STEP);
      double below = loss.apply(moved).item_double();
      values.put(i, value);
      double expected = (above - below) / (2 * STEP);
      double found = gradient.select(0, i).item_double();
      assertEquals(expected, found, 1e-6 * Math.max(1, Math.abs(expected)), "element " + i);
    }
  }
}

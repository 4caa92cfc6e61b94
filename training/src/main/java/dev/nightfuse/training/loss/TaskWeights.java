package dev.nightfuse.training.loss;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** How the losses of several tasks are made comparable: MAFS Eq. 20, 21 and Table X. */
public final class TaskWeights {

  /** Losses below are none: a batch without labels gives the segmentation 0. */
  private static final double LEAST = 1e-8;

  private TaskWeights() {}

  /**
   * Eq. 20, alpha-fairness: {@code L^(1 - alpha) / (1 - alpha)}. The larger alpha, the less a large
   * loss outweighs a small one. The gradient is unbounded at 0, so the loss is taken as at least
   * {@value #LEAST}.
   *
   * @param alpha below 1; the paper takes 0.8
   */
  public static Tensor alphaFair(Tensor loss, double alpha) {
    if (!(alpha < 1)) {
      throw new IllegalArgumentException("alpha %s: below 1 is allowed".formatted(alpha));
    }
    return Tensors.times(
        loss.clamp_min(Tensors.scalar(LEAST)).pow(Tensors.scalar(1 - alpha)), 1 / (1 - alpha));
  }

  /**
   * Eq. 21, dynamic weight average: tasks whose loss falls slowly weigh more. The weights add up to
   * the number of tasks; with the paper's temperature of 500 they stay within a thousandth of 1 as
   * long as no loss changes by half. A loss of nothing, now or before, tells of no change: taken as
   * {@value #LEAST} it would take all weight from the other tasks.
   *
   * @param losses of this step
   * @param previous of the step before
   */
  public static double[] dynamicAverage(double[] losses, double[] previous, double temperature) {
    double[] weights = new double[losses.length];
    for (int k = 0; k < weights.length; k++) {
      boolean told = losses[k] >= LEAST && previous[k] >= LEAST;
      weights[k] = (told ? losses[k] / previous[k] : 1) / temperature;
    }
    // Less the largest: no power is infinite, whatever the temperature.
    double largest = Arrays.stream(weights).max().orElse(0);
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      weights[k] = Math.exp(weights[k] - largest);
      sum += weights[k];
    }
    for (int k = 0; k < weights.length; k++) {
      weights[k] *= weights.length / sum;
    }
    return weights;
  }

  /**
   * Uncertainty weighting (Kendall, Gal and Cipolla, CVPR 2018) of one task: {@code L / (2 e^s) + s
   * / 2} with a learned {@code s}, the logarithm of the task's variance.
   */
  public static Tensor uncertain(Tensor loss, Tensor logVariance) {
    return Tensors.times(loss.mul(logVariance.neg().exp()).add(logVariance), 0.5);
  }
}

package dev.nightfuse.engine.model;

import java.util.Locale;

/**
 * How far the outputs of two models are apart.
 *
 * @param fusedMean mean difference of the fused luma in grey levels of 255
 * @param fusedWorst largest difference of the fused luma in grey levels
 * @param labelsChanged share of pixels with another class
 */
public record Accuracy(double fusedMean, int fusedWorst, double labelsChanged) {

  private static final double MOST_MEAN = 0.5;
  private static final int MOST_WORST = 8;
  private static final double MOST_LABELS = 0.01;

  /** What a model may differ from its FP32 form before it is refused. */
  public static final String LIMITS = "fused mean 0.5 and worst 8 grey levels, 1 % of the labels";

  public boolean withinLimits() {
    return fusedMean <= MOST_MEAN && fusedWorst <= MOST_WORST && labelsChanged <= MOST_LABELS;
  }

  public boolean exact() {
    return fusedWorst == 0 && labelsChanged == 0;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "fused mean %.4f, worst %d grey levels; labels changed %.4f %%",
        fusedMean,
        fusedWorst,
        100 * labelsChanged);
  }
}

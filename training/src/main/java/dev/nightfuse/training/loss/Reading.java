package dev.nightfuse.training.loss;

/**
 * Which of two sources a loss follows where a paper and the code its authors released differ. What
 * the difference is stands at each loss; which one the recipes take, and why, in {@code
 * docs/decisions}.
 */
public enum Reading {
  /** The formulas as printed. */
  PAPER,
  /** The code as released. */
  RELEASED
}

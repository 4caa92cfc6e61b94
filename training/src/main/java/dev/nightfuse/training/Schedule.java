package dev.nightfuse.training;

/**
 * Learning rate by step: linear warm-up, then half a cosine down to a hundredth.
 *
 * @param peak after warm-up
 */
record Schedule(double peak, long warmUp, long steps) {

  private static final double FLOOR = 0.01;

  double at(long step) {
    if (step < warmUp) {
      return peak * (double) (step + 1) / (double) warmUp;
    }
    double done = (double) (step - warmUp) / Math.max(1, steps - warmUp);
    return peak * (FLOOR + (1 - FLOOR) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done))));
  }
}

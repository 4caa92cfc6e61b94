package dev.nightfuse.training;

/**
 * Learning rate by step: linear warm-up, then down.
 *
 * @param peak after warm-up
 */
record Schedule(Shape shape, double peak, long warmUp, long steps) {

  /** How it goes down. */
  enum Shape {
    /** Half a cosine, to a hundredth. */
    COSINE,
    /** {@code (1 - done)^0.9}, to nothing: PSFusion's, which MAFS follows. */
    POLYNOMIAL,
    /** By the same factor each step, to a hundredth: MAFS as its paper says. */
    EXPONENTIAL,
    /** Not at all: MaeFuse. */
    CONSTANT
  }

  private static final double FLOOR = 0.01;
  private static final double POWER = 0.9;

  double at(long step) {
    if (step < warmUp) {
      return peak * (double) (step + 1) / (double) warmUp;
    }
    double done = Math.min(1, (double) (step - warmUp) / Math.max(1, steps - warmUp));
    return peak
        * switch (shape) {
          case COSINE -> FLOOR + (1 - FLOOR) * 0.5 * (1 + Math.cos(Math.PI * done));
          case POLYNOMIAL -> Math.pow(1 - done, POWER);
          case EXPONENTIAL -> Math.pow(FLOOR, done);
          case CONSTANT -> 1;
        };
  }
}

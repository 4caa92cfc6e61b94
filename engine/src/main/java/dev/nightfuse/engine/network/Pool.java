package dev.nightfuse.engine.network;

/**
 * A square pooling window. Padding never enters a maximum or an average.
 *
 * @param kernel side of the window
 * @param stride step along both sides
 * @param padding cells added on every side
 */
public record Pool(int kernel, int stride, int padding) {

  /** Non-overlapping windows: the picture shrinks by the factor. */
  public static Pool by(int factor) {
    return new Pool(factor, factor, 0);
  }

  /** A moving window that keeps the size; the side is odd. */
  public static Pool moving(int kernel) {
    return new Pool(kernel, 1, kernel / 2);
  }

  int outSize(int in) {
    return (in + 2 * padding - kernel) / stride + 1;
  }
}

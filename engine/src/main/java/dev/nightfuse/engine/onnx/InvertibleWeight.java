package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import java.nio.FloatBuffer;

/**
 * The weight of an invertible 1x1 convolution from its decomposition, multiplied out in double
 * precision.
 */
final class InvertibleWeight {

  private InvertibleWeight() {}

  /** Row-major {@code [n, n]}: {@code P (lower + I) (upper + diag(sign_s exp(log_s)))}. */
  static float[] fold(ParameterStore parameters, int n, String name) {
    FloatBuffer permutation = parameters.get(name + ".p", Shape.of(n, n)).floats();
    FloatBuffer lower = parameters.get(name + ".lower", Shape.of(n, n)).floats();
    FloatBuffer upper = parameters.get(name + ".upper", Shape.of(n, n)).floats();
    FloatBuffer sign = parameters.get(name + ".sign_s", Shape.of(n)).floats();
    FloatBuffer logScale = parameters.get(name + ".log_s", Shape.of(n)).floats();
    double[] lu = new double[n * n];
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < n; column++) {
        double sum = 0;
        // L is zero right of its diagonal, U is zero below its own.
        for (int k = 0; k <= Math.min(row, column); k++) {
          double l = k == row ? 1 : lower.get(row * n + k);
          double u =
              k == column ? sign.get(k) * Math.exp(logScale.get(k)) : upper.get(k * n + column);
          sum += l * u;
        }
        lu[row * n + column] = sum;
      }
    }
    float[] weight = new float[n * n];
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < n; column++) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum += permutation.get(row * n + k) * lu[k * n + column];
        }
        weight[row * n + column] = (float) sum;
      }
    }
    return weight;
  }
}

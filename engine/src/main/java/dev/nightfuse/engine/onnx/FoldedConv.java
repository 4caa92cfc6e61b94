package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import java.nio.FloatBuffer;
import java.util.function.Supplier;

/**
 * A convolution and the batch norms behind it, as one convolution with a bias. Its values are
 * computed when they are asked for, in double precision.
 *
 * @param input what is convolved
 * @param spec the convolution
 * @param name unique prefix for the folded constants
 * @param weight {@code [out, in / groups, k, k]}
 * @param bias {@code [out]}
 */
record FoldedConv(
    OnnxValue input, Conv spec, String name, Supplier<float[]> weight, Supplier<float[]> bias) {

  static FoldedConv of(OnnxValue input, Conv spec, ParameterStore parameters, String name) {
    Parameter weight = parameters.get(name + ".weight", spec.weightShape(input.shape().dim(1)));
    Supplier<float[]> bias;
    if (spec.bias()) {
      Parameter stored = parameters.get(name + ".bias", Shape.of(spec.out()));
      bias = () -> array(stored.floats());
    } else {
      bias = () -> new float[spec.out()];
    }
    return new FoldedConv(input, spec, name, () -> array(weight.floats()), bias);
  }

  /** With a batch norm behind it: {@code scale = weight / sqrt(variance + epsilon)}. */
  FoldedConv normalised(ParameterStore parameters, double epsilon, String norm) {
    Shape channels = Shape.of(spec.out());
    Parameter gain = parameters.get(norm + ".weight", channels);
    Parameter shift = parameters.get(norm + ".bias", channels);
    Parameter mean = parameters.get(norm + ".running_mean", channels);
    Parameter variance = parameters.get(norm + ".running_var", channels);
    Supplier<double[]> scales =
        () -> {
          FloatBuffer g = gain.floats();
          FloatBuffer v = variance.floats();
          double[] scale = new double[spec.out()];
          for (int c = 0; c < scale.length; c++) {
            scale[c] = g.get(c) / Math.sqrt(v.get(c) + epsilon);
          }
          return scale;
        };
    Supplier<float[]> scaledWeight =
        () -> {
          double[] scale = scales.get();
          float[] w = weight.get();
          int each = w.length / scale.length;
          for (int i = 0; i < w.length; i++) {
            w[i] = (float) (w[i] * scale[i / each]);
          }
          return w;
        };
    Supplier<float[]> scaledBias =
        () -> {
          double[] scale = scales.get();
          FloatBuffer m = mean.floats();
          FloatBuffer s = shift.floats();
          float[] b = bias.get();
          for (int c = 0; c < b.length; c++) {
            b[c] = (float) ((b[c] - (double) m.get(c)) * scale[c] + s.get(c));
          }
          return b;
        };
    return new FoldedConv(input, spec, name + "+" + norm, scaledWeight, scaledBias);
  }

  private static float[] array(FloatBuffer values) {
    float[] copy = new float[values.remaining()];
    values.get(copy);
    return copy;
  }

  /** {@code [rows, columns]} as {@code [columns, rows]}. */
  static float[] transposed(FloatBuffer values, int rows, int columns) {
    float[] straight = array(values);
    float[] turned = new float[straight.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        turned[c * rows + r] = straight[r * columns + c];
      }
    }
    return turned;
  }
}

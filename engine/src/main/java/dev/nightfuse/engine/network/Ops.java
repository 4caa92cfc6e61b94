package dev.nightfuse.engine.network;

import java.util.List;

/**
 * The tensor operations a network is written with. An implementation gives them a meaning: record a
 * graph, count cost, run. Pictures are {@code [N, C, H, W]}, tokens {@code [N, L, C]}; dimension 0
 * is always the batch and samples never mix.
 *
 * <p>{@code name} is the prefix of parameters in the {@link ParameterStore}: {@code conv(x, spec,
 * "encoder.stem")} reads {@code encoder.stem.weight} and {@code encoder.stem.bias}. Shapes of
 * parameters follow from the specification and the input; a stored parameter of another shape is
 * refused by name.
 *
 * <p>Not thread-safe; one writer per network reading.
 *
 * @param <T> a tensor, as the implementation sees it
 */
public interface Ops<T> {

  Shape shape(T x);

  // Values that do not come from the input.

  /** A parameter of the network, by its full key. */
  T parameter(String key, Shape shape);

  T constant(Shape shape, float... values);

  default T constant(float value) {
    return constant(Shape.of(1), value);
  }

  // Layers with parameters.

  T conv(T x, Conv spec, String name);

  /**
   * The learned invertible 1x1 convolution of Glow (Kingma and Dhariwal, NeurIPS 2018, section 3.2)
   * in its decomposed form {@code W = P (lower + I) (upper + diag(sign_s exp(log_s)))}, the
   * triangles without their diagonals; parameters {@code p, lower, upper, sign_s, log_s}. Keeps the
   * channels.
   */
  T invertibleConv(T x, String name);

  /** A convolution with given weights ({@code [out, in / groups, k, k]}, row-major), no bias. */
  T fixedConv(T x, Conv spec, float... weights);

  /** {@code x W^T + b} over the last dimension; the weight is {@code [out, in]}. */
  T linear(T x, int out, boolean bias, String name);

  /** With stored statistics: {@code weight, bias, running_mean, running_var}. */
  T batchNorm(T x, double epsilon, String name);

  /** Each channel of each sample by its own mean and biased variance; no parameters. */
  T instanceNorm(T x, double epsilon);

  /** The same, then {@code weight, bias} of each channel. */
  T instanceNorm(T x, double epsilon, String name);

  /** Groups of channels of each sample by their own statistics, then weight and bias. */
  T groupNorm(T x, int groups, double epsilon, String name);

  /** Over the last dimension, then weight and bias. */
  T layerNorm(T x, double epsilon, String name);

  /** Leaky with one learned slope per channel, or a single one. */
  T prelu(T x, int slopes, String name);

  // Element by element; the two-argument ones broadcast.

  T add(T a, T b);

  T sub(T a, T b);

  T mul(T a, T b);

  T div(T a, T b);

  T max(T a, T b);

  T min(T a, T b);

  T abs(T x);

  T exp(T x);

  T sqrt(T x);

  T relu(T x);

  T leakyRelu(T x, double slope);

  /** The exact one, with the error function. */
  T gelu(T x);

  T sigmoid(T x);

  T tanh(T x);

  T clip(T x, double low, double high);

  default T add(T a, double b) {
    return add(a, constant((float) b));
  }

  default T mul(T a, double b) {
    return mul(a, constant((float) b));
  }

  /** {@code b - a}. */
  default T from(double b, T a) {
    return sub(constant((float) b), a);
  }

  // Along dimensions.

  T softmax(T x, int axis);

  T matmul(T a, T b);

  /** Mean over the axes; they stay as size 1. */
  T mean(T x, int... axes);

  T sum(T x, int... axes);

  T maximum(T x, int... axes);

  /** Index of the largest value along the axis, which stays as size 1; type {@link DType#INT64}. */
  T argMax(T x, int axis);

  // Pictures.

  T maxPool(T x, Pool spec);

  T averagePool(T x, Pool spec);

  T resize(T x, int height, int width, Interpolation how);

  T pad(T x, int top, int left, int bottom, int right, PadMode mode);

  /** Blocks of b x b pixels become channels: {@code [N, b*b*C, H/b, W/b]}, block position first. */
  T spaceToDepth(T x, int block);

  /** The inverse of {@link #spaceToDepth}. */
  T depthToSpace(T x, int block);

  // Layout.

  /**
   * The same elements in row-major order under other sizes. The batch stays dimension 0 where it is
   * dynamic.
   */
  T reshape(T x, int... dims);

  T permute(T x, int... axes);

  T concat(int axis, List<T> parts);

  /** Elements {@code from} (inclusive) to {@code to} (exclusive) along the axis. */
  T slice(T x, int axis, int from, int to);

  /** Converts; to {@link DType#UINT8} truncates values that must lie in 0 to 255. */
  T cast(T x, DType type);

  /** Rounds to the nearest integer in 0 to 255 and converts. */
  default T toUint8(T x) {
    return cast(clip(add(x, 0.5), 0, 255), DType.UINT8);
  }
}

package dev.nightfuse.engine.onnx;

import java.nio.FloatBuffer;

/**
 * A convolution's weights as signed bytes, one step size for each output channel, 0 meaning 0.
 *
 * <p>Seven bits of the eight are used. Processors with AVX2 or AVX-512 but without VNNI add two
 * products of an unsigned and a signed byte in 16 bits, and saturate: 2 * 255 * 64 = 32640 is the
 * most that surely fits, so that every processor computes the same.
 *
 * @param values row by row
 * @param scales what a step is worth, by output channel
 */
record ByteWeights(byte[] values, float[] scales) {

  static final int MOST = 64;

  /**
   * @param weights {@code [out, ...]}
   */
  static ByteWeights of(FloatBuffer weights, int out) {
    int each = weights.remaining() / out;
    byte[] values = new byte[out * each];
    float[] scales = new float[out];
    for (int channel = 0; channel < out; channel++) {
      float most = 0;
      for (int i = channel * each; i < (channel + 1) * each; i++) {
        most = Math.max(most, Math.abs(weights.get(i)));
      }
      scales[channel] = most > 0 ? most / MOST : 1;
      for (int i = channel * each; i < (channel + 1) * each; i++) {
        values[i] = (byte) Math.rint(weights.get(i) / scales[channel]);
      }
    }
    return new ByteWeights(values, scales);
  }

  /** The bias in the unit of the sums: input step times weight step, by output channel. */
  float[] sumScales(float inputScale) {
    float[] sums = scales.clone();
    for (int channel = 0; channel < sums.length; channel++) {
      sums[channel] *= inputScale;
    }
    return sums;
  }

  /** A bias that no sum could reach stays at the end of the integers. */
  static int[] bias(FloatBuffer bias, float[] sumScales) {
    int[] steps = new int[sumScales.length];
    for (int channel = 0; channel < steps.length; channel++) {
      // The cast saturates.
      steps[channel] = (int) Math.rint(bias.get(channel) / (double) sumScales[channel]);
    }
    return steps;
  }
}

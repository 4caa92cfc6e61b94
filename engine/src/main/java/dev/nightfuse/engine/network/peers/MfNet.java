package dev.nightfuse.engine.network.peers;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Pool;
import dev.nightfuse.engine.network.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * MFNet (Ha et al., IROS 2017): segmentation of colour and thermal pictures by two encoders, whose
 * features are added to the decoder on its way up.
 */
public final class MfNet {

  /** Classes of the published weights, by label value. */
  public static final List<String> CLASSES =
      List.of(
          "unlabelled",
          "car",
          "person",
          "bike",
          "curve",
          "car_stop",
          "guardrail",
          "color_cone",
          "bump");

  /** The multiple that height and width must have: four poolings. */
  public static final int SIZE_MULTIPLE = 16;

  private static final double SLOPE = 0.2;
  private static final double EPSILON = 1e-5;

  /**
   * @param visible RGB {@code [N,3,H,W]} in 0 to 1
   * @param infrared {@code [N,1,H,W]} in 0 to 1
   * @return logits {@code [N,9,H,W]}; negative ones are shrunk fivefold by the last activation
   */
  public <T> T forward(Ops<T> ops, T visible, T infrared) {
    Shape size = ops.shape(visible);
    if (size.dim(2) % SIZE_MULTIPLE != 0 || size.dim(3) % SIZE_MULTIPLE != 0) {
      throw new IllegalArgumentException(
          "MFNet at %dx%d: width and height must be multiples of %d"
              .formatted(size.dim(3), size.dim(2), SIZE_MULTIPLE));
    }
    List<T> colour = encode(ops, visible, 48, 96, "rgb");
    List<T> thermal = encode(ops, infrared, 16, 36, "inf");
    List<T> features = new ArrayList<>();
    for (int level = 0; level < colour.size(); level++) {
      features.add(ops.concat(1, List.of(colour.get(level), thermal.get(level))));
    }
    T x = features.get(3);
    x = unit(ops, ops.add(enlarge(ops, x), features.get(2)), 64, 1, "decode4");
    x = unit(ops, ops.add(enlarge(ops, x), features.get(1)), 64, 1, "decode3");
    x = unit(ops, ops.add(enlarge(ops, x), features.get(0)), 32, 1, "decode2");
    return unit(ops, enlarge(ops, x), CLASSES.size(), 1, "decode1");
  }

  /** Features at 1/2, 1/4, 1/8 and 1/16. */
  private static <T> List<T> encode(Ops<T> ops, T picture, int width, int deep, String stream) {
    T x = halve(ops, unit(ops, picture, 16, 1, "conv1_" + stream));
    x = unit(ops, x, width, 1, "conv2_1_" + stream);
    T half = unit(ops, x, width, 1, "conv2_2_" + stream);
    x = unit(ops, halve(ops, half), width, 1, "conv3_1_" + stream);
    T quarter = unit(ops, x, width, 1, "conv3_2_" + stream);
    T eighth = inception(ops, halve(ops, quarter), deep, "conv4_" + stream);
    T sixteenth = inception(ops, halve(ops, eighth), deep, "conv5_" + stream);
    return List.of(half, quarter, eighth, sixteenth);
  }

  /** Three times a plain and a dilated convolution side by side. */
  private static <T> T inception(Ops<T> ops, T input, int out, String name) {
    T x = input;
    for (int stage = 1; stage <= 3; stage++) {
      String prefix = name + ".conv" + stage;
      x =
          ops.concat(
              1,
              List.of(
                  unit(ops, x, out / 2, 1, prefix + "_left"),
                  unit(ops, x, out / 2, 2, prefix + "_right")));
    }
    return x;
  }

  private static <T> T unit(Ops<T> ops, T x, int out, int dilation, String name) {
    T y = ops.conv(x, Conv.same(out, 3).withDilation(dilation), name + ".conv");
    return ops.leakyRelu(ops.batchNorm(y, EPSILON, name + ".bn"), SLOPE);
  }

  private static <T> T halve(Ops<T> ops, T x) {
    return ops.maxPool(x, Pool.by(2));
  }

  private static <T> T enlarge(Ops<T> ops, T x) {
    Shape size = ops.shape(x);
    return ops.resize(x, 2 * size.dim(2), 2 * size.dim(3), Interpolation.NEAREST);
  }
}

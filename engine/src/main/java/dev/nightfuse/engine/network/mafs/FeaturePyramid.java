package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;

/** FPN (detectron2's pixel decoder): 64 channels at every scale. */
final class FeaturePyramid {

  private static final int CHANNELS = 64;
  private static final int GROUPS = 32;

  /** The pyramid from coarse to fine: 1/32, 1/16, 1/8, 1/4. */
  record Levels<T>(T p32, T p16, T p8, T p4) {}

  private FeaturePyramid() {}

  static <T> Levels<T> forward(Ops<T> ops, Encoder.Features<T> f, String name) {
    T p32 = output(ops, f.f6(), name + ".layer_4");
    T p16 = level(ops, f.f5(), p32, name, 3);
    T p8 = level(ops, f.f4(), p16, name, 2);
    T p4 = level(ops, f.f3(), p8, name, 1);
    return new Levels<>(p32, p16, p8, p4);
  }

  private static <T> T level(Ops<T> ops, T feature, T coarser, String name, int number) {
    String adapter = name + ".adapter_" + number;
    T lateral = ops.conv(feature, Blocks.plain(CHANNELS, 1), adapter);
    lateral = ops.groupNorm(lateral, GROUPS, Blocks.EPSILON, adapter + ".norm");
    T sum = ops.add(lateral, Blocks.resizeTo(ops, coarser, lateral, Interpolation.NEAREST));
    return output(ops, sum, name + ".layer_" + number);
  }

  private static <T> T output(Ops<T> ops, T x, String name) {
    T y = ops.conv(x, Blocks.plain(CHANNELS, 3), name);
    return ops.relu(ops.groupNorm(y, GROUPS, Blocks.EPSILON, name + ".norm"));
  }
}

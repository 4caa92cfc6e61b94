package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Ops;

/** SFE: shallow feature extraction of one modality, at full and at half resolution. */
final class ShallowFeatures {

  /** 32 channels at 1/1 and 64 at 1/2. */
  record Output<T>(T full, T half) {}

  private ShallowFeatures() {}

  /** The same weights are not shared: {@code modality} is {@code rgb} or {@code thermal}. */
  static <T> Output<T> forward(Ops<T> ops, T picture, String encoder, String modality) {
    String name = "%s.encoder_%s_conv1".formatted(encoder, modality);
    T full = block(ops, picture, Conv.same(32, 7), 32, name + ".SFEB1");
    full = Blocks.batchNorm(ops, full, name + ".SFEB1.4");
    full = funnelRelu(ops, full, 32, name + ".SFEB1.5");
    T half = block(ops, full, Conv.same(64, 3).withStride(2), 64, name + ".SFEB2");
    half = ops.relu(Blocks.batchNorm(ops, half, "%s.encoder_%s_bn1".formatted(encoder, modality)));
    return new Output<>(full, half);
  }

  private static <T> T block(Ops<T> ops, T x, Conv first, int channels, String name) {
    T y = ops.conv(x, first, name + ".0");
    y = Blocks.batchNorm(ops, y, name + ".1");
    y = funnelRelu(ops, y, channels, name + ".2");
    return ops.conv(y, Conv.same(channels, 3), name + ".3");
  }

  /**
   * FReLU (Ma et al., ECCV 2020): the maximum of a value and a depthwise view of its neighbourhood.
   */
  private static <T> T funnelRelu(Ops<T> ops, T x, int channels, String name) {
    T neighbourhood =
        ops.conv(x, Conv.same(channels, 3).withGroups(channels), name + ".conv_frelu");
    return ops.max(x, Blocks.batchNorm(ops, neighbourhood, name + ".bn_frelu"));
  }
}

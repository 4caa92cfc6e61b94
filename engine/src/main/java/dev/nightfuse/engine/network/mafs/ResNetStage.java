package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Ops;
import java.util.Locale;

/**
 * The four stages of a ResNet of bottlenecks (the stride on the 3x3), under the release's layer
 * names.
 */
enum ResNetStage {
  LAYER3(64, 1),
  LAYER4(128, 2),
  LAYER5(256, 2),
  LAYER6(512, 2);

  private static final int EXPANSION = 4;

  private final int width;
  private final int stride;

  ResNetStage(int width, int stride) {
    this.width = width;
    this.stride = stride;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  <T> T forward(Ops<T> ops, T x, int blocks, String name) {
    T y = x;
    for (int i = 0; i < blocks; i++) {
      y = bottleneck(ops, y, i == 0, name + "." + i);
    }
    return y;
  }

  private <T> T bottleneck(Ops<T> ops, T x, boolean first, String name) {
    Conv spatial = Blocks.plain(width, 3).withStride(first ? stride : 1);
    Conv expand = Blocks.plain(width * EXPANSION, 1);
    T y = ops.relu(convNorm(ops, x, Blocks.plain(width, 1), name, 1));
    y = ops.relu(convNorm(ops, y, spatial, name, 2));
    y = convNorm(ops, y, expand, name, 3);
    T shortcut = x;
    if (first) {
      shortcut = ops.conv(x, expand.withStride(stride), name + ".downsample.0");
      shortcut = Blocks.batchNorm(ops, shortcut, name + ".downsample.1");
    }
    return ops.relu(ops.add(y, shortcut));
  }

  private static <T> T convNorm(Ops<T> ops, T x, Conv spec, String name, int number) {
    return Blocks.batchNorm(ops, ops.conv(x, spec, name + ".conv" + number), name + ".bn" + number);
  }
}

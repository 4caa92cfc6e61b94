package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * The invertible decoder: five flow blocks (invertible 1x1 convolution, then affine coupling of the
 * two halves), whose last outputs are combined into the fused luma.
 */
final class InvertibleDecoder {

  private static final int CHANNELS = 32;
  private static final int HALF = CHANNELS / 2;
  private static final int BLOCKS = 5;

  /** Bounds the log-scale of the coupling. */
  private static final double CLAMP = 0.8;

  private InvertibleDecoder() {}

  static <T> T forward(Ops<T> ops, T features, String name) {
    List<T> outputs = new ArrayList<>();
    T x = features;
    for (int i = 0; i < BLOCKS; i++) {
      x = block(ops, x, "%s.fuse_decoder.operations.%d".formatted(name, i));
      outputs.add(x);
    }
    // The first two blocks' outputs are not combined, as released.
    T all = ops.concat(1, List.of(features, outputs.get(2), outputs.get(3), outputs.get(4)));
    T mixed = ops.conv(all, Conv.same(CHANNELS, 1), name + ".fuse_decoder.fuse");
    T signed = ops.tanh(ops.conv(mixed, Conv.same(1, 3), name + ".conv_block.0"));
    return ops.mul(ops.add(signed, 1), 0.5);
  }

  private static <T> T block(Ops<T> ops, T x, String name) {
    T mixed = ops.invertibleConv(x, name + ".invconv");
    T x1 = ops.slice(mixed, 1, 0, HALF);
    T x2 = ops.slice(mixed, 1, HALF, CHANNELS);
    T y1 = ops.add(x1, dense(ops, x2, name + ".F"));
    T scale = ops.sigmoid(dense(ops, y1, name + ".H"));
    scale = ops.mul(ops.add(ops.mul(scale, 2), -1), CLAMP);
    T y2 = ops.add(ops.mul(x2, ops.exp(scale)), dense(ops, y1, name + ".G"));
    return ops.concat(1, List.of(y1, y2));
  }

  private static <T> T dense(Ops<T> ops, T x, String name) {
    T y = ops.leakyRelu(halfInstanceNorm(ops, x, name + ".conv1"), 0.2);
    return ops.leakyRelu(halfInstanceNorm(ops, y, name + ".conv2"), 0.2);
  }

  /** HINet's block: half of the channels are normalised, half are not. */
  private static <T> T halfInstanceNorm(Ops<T> ops, T x, String name) {
    T y = ops.conv(x, Conv.same(HALF, 3), name + ".conv_1");
    T normalised = ops.instanceNorm(ops.slice(y, 1, 0, HALF / 2), Blocks.EPSILON, name + ".norm");
    y = ops.concat(1, List.of(normalised, ops.slice(y, 1, HALF / 2, HALF)));
    y = ops.leakyRelu(y, 0.1);
    y = ops.leakyRelu(ops.conv(y, Conv.same(HALF, 3), name + ".conv_2"), 0.1);
    return ops.add(y, ops.conv(x, Conv.same(HALF, 1), name + ".identity"));
  }
}

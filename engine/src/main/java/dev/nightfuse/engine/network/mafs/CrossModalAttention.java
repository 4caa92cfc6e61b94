package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;

/**
 * CAM, the cross-modal attention that fuses both streams of a stage into 64 channels: where both
 * respond, then which channels belong together (DANet's channel attention).
 */
final class CrossModalAttention {

  static final int CHANNELS = 64;

  private CrossModalAttention() {}

  static <T> T forward(Ops<T> ops, Streams<T> x, String name) {
    T sum =
        ops.conv(ops.add(x.rgb(), x.thermal()), Blocks.plain(CHANNELS, 3), name + ".conv2.conv");
    sum = ops.leakyRelu(Blocks.batchNorm(ops, sum, name + ".conv2.bn"), 0.1);
    T common = ops.maximum(ops.mul(x.rgb(), x.thermal()), 1);
    T mask = ops.sigmoid(ops.conv(common, Blocks.plain(1, 3), name + ".sa.conv1"));
    return channelAttention(ops, ops.mul(sum, mask), name + ".cam");
  }

  private static <T> T channelAttention(Ops<T> ops, T x, String name) {
    Shape shape = ops.shape(x);
    int batch = shape.dim(0);
    T rows = ops.reshape(x, batch, CHANNELS, shape.dim(2) * shape.dim(3));
    T energy = ops.matmul(rows, ops.permute(rows, 0, 2, 1));
    // Rare channels attend most: the energy is taken from the row's maximum before the softmax.
    T attention = ops.softmax(ops.sub(ops.maximum(energy, 2), energy), 2);
    T mixed = ops.reshape(ops.matmul(attention, rows), batch, CHANNELS, shape.dim(2), shape.dim(3));
    return ops.add(ops.mul(mixed, ops.parameter(name + ".gamma", Shape.of(1))), x);
  }
}

package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;
import java.util.List;

/**
 * DEM, the detail enhancement module ({@code EAEF} in the release): the streams exchange what they
 * agree on and enhance what they do not.
 *
 * <p>The release takes a diagonal over the wrong axes, so that its channel gate is {@code sigmoid(T
 * r_0 t_j)} for a batch of one (the visible stream enters through its channel 0 only) and mixes
 * samples in larger batches. Checkpoints were trained with it, so the batch-1 gate is kept, for
 * every sample.
 */
final class DetailEnhancement {

  private static final int REDUCTION = 16;

  private DetailEnhancement() {}

  static <T> Streams<T> forward(Ops<T> ops, Streams<T> x, String name) {
    int channels = ops.shape(x.rgb()).dim(1);
    T gate = gate(ops, x, channels, name);
    T rgbAgreed = ops.mul(x.rgb(), gate);
    T thermalAgreed = ops.mul(x.thermal(), gate);

    T both = ops.concat(1, List.of(rgbAgreed, thermalAgreed));
    T detail = ops.conv(both, Conv.same(2 * channels, 7).withGroups(channels), name + ".dwconv");
    T enhance =
        channelMlp(
            ops, vector(ops, ops.maximum(detail, 2, 3)), 2 * channels / REDUCTION, name + ".cse");
    enhance = column(ops, ops.sigmoid(enhance));
    T rest = ops.from(1, gate);
    T rgb = ops.add(ops.mul(x.rgb(), rest), ops.mul(rgbAgreed, ops.slice(enhance, 1, 0, channels)));
    T thermal =
        ops.add(
            ops.mul(x.thermal(), rest),
            ops.mul(thermalAgreed, ops.slice(enhance, 1, channels, 2 * channels)));

    T scores =
        ops.concat(
            1,
            List.of(
                ops.conv(rgb, Conv.same(1, 1), name + ".sse_r.conv1"),
                ops.conv(thermal, Conv.same(1, 1), name + ".sse_t.conv1")));
    T weights = ops.softmax(scores, 1);
    T rgbShare = ops.mul(rgb, ops.slice(weights, 1, 0, 1));
    T thermalShare = ops.mul(thermal, ops.slice(weights, 1, 1, 2));
    // Not symmetric, as released: only the visible stream receives from the other.
    return new Streams<>(ops.add(rgbShare, thermalShare), thermalShare);
  }

  private static <T> T gate(Ops<T> ops, Streams<T> x, int channels, String name) {
    T rgb = descriptor(ops, x.rgb(), channels, name);
    T thermal = descriptor(ops, x.thermal(), channels, name);
    T temperature = ops.parameter(name + ".T_c", Shape.of());
    T agreement = ops.mul(ops.mul(thermal, ops.slice(rgb, 1, 0, 1)), temperature);
    return column(ops, ops.sigmoid(agreement));
  }

  /** A unit vector per sample: {@code [N, C]}. */
  private static <T> T descriptor(Ops<T> ops, T x, int channels, String name) {
    T mean = vector(ops, Blocks.globalAverage(ops, x));
    T mixed = channelMlp(ops, mean, 2 * channels, name + ".mlp_pool");
    return ops.div(mixed, ops.sqrt(ops.sum(ops.mul(mixed, mixed), 1)));
  }

  private static <T> T channelMlp(Ops<T> ops, T x, int hidden, String name) {
    int channels = ops.shape(x).dim(1);
    return ops.linear(
        ops.gelu(ops.linear(x, hidden, true, name + ".down")), channels, true, name + ".up");
  }

  private static <T> T vector(Ops<T> ops, T x) {
    Shape shape = ops.shape(x);
    return ops.reshape(x, shape.dim(0), shape.dim(1));
  }

  private static <T> T column(Ops<T> ops, T x) {
    Shape shape = ops.shape(x);
    return ops.reshape(x, shape.dim(0), shape.dim(1), 1, 1);
  }
}

package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Ops;
import java.util.List;

/**
 * AFM, the adaptive fusion of shallow features: recalibrated, then weighted per pixel and channel.
 * 32 channels.
 */
final class AdaptiveFusion {

  private static final int CHANNELS = 32;
  private static final int QUARTER = CHANNELS / 4;

  private AdaptiveFusion() {}

  static <T> T forward(Ops<T> ops, Streams<T> x, String name) {
    T rgb = refine(ops, x.rgb(), name, "RGBobj1_1", "RGBobj1_2", "RGBspr");
    T thermal = refine(ops, x.thermal(), name, "Infobj1_1", "Infobj1_2", "Infspr");
    return fuse(ops, rgb, thermal, name + ".obj_fuse");
  }

  private static <T> T refine(Ops<T> ops, T x, String name, String... keys) {
    T y = x;
    for (String key : keys) {
      String block = name + "." + key + ".basicconv.";
      y =
          ops.relu(
              Blocks.batchNorm(ops, ops.conv(y, Blocks.plain(CHANNELS, 3), block + 0), block + 1));
    }
    return y;
  }

  private static <T> T fuse(Ops<T> ops, T rgb, T thermal, String name) {
    T both = ops.concat(1, List.of(rgb, thermal));
    T importance =
        squeeze(
            ops,
            Blocks.globalAverage(ops, both),
            CHANNELS / 2,
            2 * CHANNELS,
            name + ".Recalibrate.",
            1);
    both = ops.add(ops.mul(ops.sigmoid(importance), both), both);
    T mixed = ops.conv(both, Conv.same(CHANNELS, 1), name + ".channel_agg.0");
    mixed = ops.relu(Blocks.batchNorm(ops, mixed, name + ".channel_agg.1"));
    T local = squeeze(ops, mixed, QUARTER, CHANNELS, name + ".local_att.", 0);
    T global =
        squeeze(ops, Blocks.globalAverage(ops, mixed), QUARTER, CHANNELS, name + ".global_att.", 1);
    T weight = ops.sigmoid(ops.mul(local, global));
    T rgbShare = ops.mul(weight, ops.slice(both, 1, 0, CHANNELS));
    T thermalShare = ops.mul(ops.from(1, weight), ops.slice(both, 1, CHANNELS, 2 * CHANNELS));
    return ops.add(rgbShare, thermalShare);
  }

  /**
   * 1x1 down, norm, ReLU, 1x1 up, norm; the keys are numbered from {@code first} as in a torch
   * Sequential.
   */
  private static <T> T squeeze(Ops<T> ops, T x, int hidden, int out, String name, int first) {
    T y = ops.conv(x, Conv.same(hidden, 1), name + first);
    y = ops.relu(Blocks.batchNorm(ops, y, name + (first + 1)));
    y = ops.conv(y, Conv.same(out, 1), name + (first + 3));
    return Blocks.batchNorm(ops, y, name + (first + 4));
  }
}

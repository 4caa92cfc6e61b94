package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;

/**
 * PHF, progressive heterogeneous fusion: deeper features modulate normalised shallower ones (in the
 * manner of SPADE).
 */
final class ProgressiveFusion {

  private static final Conv MIX = Conv.same(32, 3);

  private ProgressiveFusion() {}

  static <T> T forward(Ops<T> ops, T shallow, T deep, String name) {
    T normalised = ops.instanceNorm(shallow, Blocks.EPSILON);
    T guide = Blocks.resizeTo(ops, deep, shallow, Interpolation.BILINEAR);
    guide = ops.relu(ops.conv(guide, MIX, name + ".mlp_shared.0"));
    T scale = ops.sigmoid(ops.conv(guide, MIX, name + ".mlp_gamma.0"));
    T shift = ops.conv(guide, MIX, name + ".mlp_beta");
    T scaled = ops.mul(normalised, ops.add(scale, 1));
    return ops.add(Blocks.batchNorm(ops, scaled, name + ".bn"), shift);
  }
}

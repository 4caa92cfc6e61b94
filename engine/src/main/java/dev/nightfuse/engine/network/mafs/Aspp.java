package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Ops;
import java.util.ArrayList;
import java.util.List;

/** Atrous spatial pyramid with a shortcut; one set of weights for all levels. */
final class Aspp {

  private static final int CHANNELS = 64;
  private static final int DILATIONS = 4;

  private Aspp() {}

  static <T> T forward(Ops<T> ops, T x, String name) {
    List<T> views = new ArrayList<>();
    views.add(ops.conv(x, Conv.same(CHANNELS, 1), name + ".conv0"));
    for (int dilation = 1; dilation <= DILATIONS; dilation++) {
      views.add(
          ops.conv(x, Conv.same(CHANNELS, 3).withDilation(dilation), name + ".conv" + dilation));
    }
    T sum = ops.add(ops.conv(ops.concat(1, views), Conv.same(CHANNELS, 1), name + ".conv"), x);
    T y = ops.conv(sum, Conv.same(CHANNELS, 3), name + ".rconv.0");
    return ops.relu(Blocks.batchNorm(ops, y, name + ".rconv.1"));
  }
}

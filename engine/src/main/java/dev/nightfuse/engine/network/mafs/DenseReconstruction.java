package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * DSRM: four densely connected convolutions before the invertible decoder (in the release, not in
 * the paper).
 */
final class DenseReconstruction {

  private static final int CHANNELS = 32;
  private static final int BLOCKS = 4;

  private DenseReconstruction() {}

  static <T> T forward(Ops<T> ops, T x, String name) {
    List<T> all = new ArrayList<>(List.of(x));
    T last = x;
    for (int i = 1; i <= BLOCKS; i++) {
      String block = name + ".block" + i;
      last =
          ops.conv(
              all.size() == 1 ? x : ops.concat(1, all),
              Blocks.plain(CHANNELS, 3),
              block + ".0.conv");
      // Two batch norms in a row, as released.
      last = Blocks.batchNorm(ops, last, block + ".0.bn");
      last = ops.relu(Blocks.batchNorm(ops, last, block + ".1"));
      all.add(last);
    }
    return last;
  }
}

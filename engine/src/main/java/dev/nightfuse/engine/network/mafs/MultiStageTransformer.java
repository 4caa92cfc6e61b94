package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;
import java.util.List;

/**
 * MST, the multi-stage transformer ({@code invpt} in the release): attention over channels at 1/16,
 * 1/8 and 1/4, each stage refining the previous one with the pyramid's map of its scale.
 */
final class MultiStageTransformer {

  private static final int CHANNELS = 64;
  private static final int HEADS = 2;
  private static final int HEAD_CHANNELS = CHANNELS / HEADS;

  /** The floor of PyTorch's {@code normalize}, squared, so that it can stand under the root. */
  private static final double NORM_FLOOR_SQUARED = 1e-24;

  private MultiStageTransformer() {}

  /**
   * @param f5 at 1/16
   * @param p8 the pyramid at 1/8, after ASPP
   * @param p4 the pyramid at 1/4, after ASPP
   * @return 64 channels at 1/2
   */
  static <T> T forward(Ops<T> ops, T f5, T p8, T p4, String name) {
    Shape start = ops.shape(f5);
    int height = start.dim(2) * 8;
    int width = start.dim(3) * 8;
    T x = stage(ops, f5, 0, name);
    T sum = ops.resize(x, height, width, Interpolation.BILINEAR);
    List<T> skips = List.of(p8, p4);
    for (int stage = 1; stage <= skips.size(); stage++) {
      T enlarged = enlarge(ops, x, "%s.invpt_stages.%d.patch_embed.0.proj".formatted(name, stage));
      x = stage(ops, ops.add(enlarged, skips.get(stage - 1)), stage, name);
      // The paper concatenates, the release adds.
      sum = ops.add(sum, ops.resize(x, height, width, Interpolation.BILINEAR));
    }
    T y = ops.conv(sum, Conv.same(CHANNELS, 3), name + ".mt_proj.0");
    return ops.relu(Blocks.batchNorm(ops, y, name + ".mt_proj.1"));
  }

  private static <T> T stage(Ops<T> ops, T x, int stage, String name) {
    T y = block(ops, x, "%s.invpt_stages.%d.blocks.0".formatted(name, stage));
    return channelNorm(ops, y, "%s.norm_mts.%d".formatted(name, stage));
  }

  private static <T> T enlarge(Ops<T> ops, T x, String name) {
    Conv dilated = Blocks.plain(CHANNELS, 3).withDilation(2);
    T y = Blocks.enlarge(ops, x, 2, Interpolation.BILINEAR);
    y = ops.relu(Blocks.batchNorm(ops, ops.conv(y, dilated, name + ".1"), name + ".2"));
    return ops.relu(Blocks.batchNorm(ops, ops.conv(y, dilated, name + ".4"), name + ".5"));
  }

  private static <T> T block(Ops<T> ops, T x, String name) {
    T z = ops.add(x, attention(ops, channelNorm(ops, x, name + ".norm1.body"), name + ".attn"));
    T n = channelNorm(ops, z, name + ".norm2.body");
    // The feed-forward part has a shortcut of its own, around the normalised tensor.
    return ops.add(ops.add(z, n), feedForward(ops, n, name + ".ffn"));
  }

  /**
   * Transposed attention (Restormer): channels attend to channels, so its cost grows with the area
   * only.
   */
  private static <T> T attention(Ops<T> ops, T x, String name) {
    Shape shape = ops.shape(x);
    T qkv = ops.conv(x, Blocks.plain(3 * CHANNELS, 1), name + ".qkv");
    qkv =
        ops.conv(qkv, Blocks.plain(3 * CHANNELS, 3).withGroups(3 * CHANNELS), name + ".qkv_dwconv");
    T q = unitRows(ops, heads(ops, qkv, 0));
    T k = unitRows(ops, heads(ops, qkv, 1));
    T v = heads(ops, qkv, 2);
    T scores = ops.matmul(q, ops.permute(k, 0, 1, 3, 2));
    scores = ops.mul(scores, ops.parameter(name + ".temperature", Shape.of(HEADS, 1, 1)));
    T mixed = ops.matmul(ops.softmax(scores, 3), v);
    mixed = ops.reshape(mixed, shape.toArray());
    return ops.conv(mixed, Blocks.plain(CHANNELS, 1), name + ".project_out");
  }

  private static <T> T heads(Ops<T> ops, T qkv, int part) {
    Shape shape = ops.shape(qkv);
    T slice = ops.slice(qkv, 1, part * CHANNELS, (part + 1) * CHANNELS);
    return ops.reshape(slice, shape.dim(0), HEADS, HEAD_CHANNELS, shape.dim(2) * shape.dim(3));
  }

  private static <T> T unitRows(Ops<T> ops, T x) {
    T squares = ops.sum(ops.mul(x, x), 3);
    return ops.div(x, ops.sqrt(ops.max(squares, ops.constant((float) NORM_FLOOR_SQUARED))));
  }

  private static <T> T feedForward(Ops<T> ops, T x, String name) {
    T y = ops.gelu(ops.conv(x, Conv.same(CHANNELS, 1), name + ".linear1.0"));
    y = ops.gelu(ops.conv(y, Conv.same(CHANNELS, 3).withGroups(CHANNELS), name + ".dwconv.0"));
    return ops.gelu(ops.conv(y, Conv.same(CHANNELS, 1), name + ".linear2.0"));
  }

  /** Layer norm over the channels of each pixel. */
  private static <T> T channelNorm(Ops<T> ops, T x, String name) {
    T channelsLast = ops.permute(x, 0, 2, 3, 1);
    return ops.permute(ops.layerNorm(channelsLast, Blocks.EPSILON, name), 0, 3, 1, 2);
  }
}

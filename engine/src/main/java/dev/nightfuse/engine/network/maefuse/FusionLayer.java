package dev.nightfuse.engine.network.maefuse;

import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;

/**
 * The fusion layer: CFM, the comparative fusion module, attends from each picture to the other;
 * MFM, the merging fusion module, lets the CFM's result guide the merging of both.
 *
 * <p>The release builds its attention modules for sequence-first tensors and feeds them batch-first
 * ones, so that attention runs over the batch. With one pair, each softmax has one key and is 1:
 * queries and the whole CFM have no effect, and what remains is {@code f = Wo(Wv(V + I)) + ...}.
 * That is what the published checkpoint does with every picture; {@link MaeFuse.Attention#RELEASED}
 * gives it to every sample of a batch.
 */
record FusionLayer(int width, int grid, MaeFuse.Attention attention) {

  private static final String NAME = "model2";
  private static final String CFM = NAME + ".cross_model";
  private static final String MFM = NAME + ".merge_model";
  private static final int HEADS = 16;
  private static final int MLP_RATIO = 4;
  private static final double EPSILON = 1e-5;

  /** The whole layer: what the decoder takes. */
  <T> T forward(Ops<T> ops, T visible, T infrared, int rows, int columns) {
    T positions = positions(ops, rows, columns);
    T v = ops.add(visible, positions);
    T i = ops.add(infrared, positions);
    T merged =
        switch (attention) {
          case RELEASED -> attendWithoutWeights(ops, v, i, MFM);
          case PAPER -> merge(ops, compareWithAttention(ops, v, i), v, i);
          case PAPER_INFRARED_GUIDE -> merge(ops, i, v, i);
        };
    T hidden = ops.gelu(ops.linear(merged, MLP_RATIO * width, true, NAME + ".fc1"));
    T sum = ops.add(merged, ops.linear(hidden, width, true, NAME + ".fc2"));
    return ops.layerNorm(sum, EPSILON, NAME + ".ln");
  }

  /** The CFM alone, as it is trained. */
  <T> T compare(Ops<T> ops, T visible, T infrared, int rows, int columns) {
    T positions = positions(ops, rows, columns);
    T v = ops.add(visible, positions);
    T i = ops.add(infrared, positions);
    return attention == MaeFuse.Attention.RELEASED
        ? attendWithoutWeights(ops, v, i, CFM)
        : compareWithAttention(ops, v, i);
  }

  private <T> T positions(Ops<T> ops, int rows, int columns) {
    return Positions.table(ops, NAME + ".pos_embed", width, grid, rows, columns);
  }

  private <T> T compareWithAttention(Ops<T> ops, T v, T i) {
    return ops.add(attend(ops, i, v, CFM), attend(ops, v, i, CFM));
  }

  private <T> T merge(Ops<T> ops, T guide, T v, T i) {
    return ops.add(attend(ops, guide, v, MFM), attend(ops, guide, i, MFM));
  }

  /**
   * A module's attention to both pictures with every weight 1. Both values are added first: one
   * projection serves both.
   */
  private <T> T attendWithoutWeights(Ops<T> ops, T v, T i, String name) {
    T values = ops.matmul(ops.add(v, i), inWeight(ops, name, 2));
    values = ops.add(values, ops.mul(inBias(ops, name, 2), 2));
    T weight = ops.permute(ops.parameter(name + ".out_proj.weight", Shape.of(width, width)), 1, 0);
    T bias = ops.parameter(name + ".out_proj.bias", Shape.of(width));
    return ops.add(ops.matmul(values, weight), ops.mul(bias, 2));
  }

  /** PyTorch's MultiheadAttention over tokens. */
  private <T> T attend(Ops<T> ops, T query, T keyAndValue, String name) {
    T q = project(ops, query, name, 0);
    T k = project(ops, keyAndValue, name, 1);
    T v = project(ops, keyAndValue, name, 2);
    return ops.linear(MultiHead.attend(ops, q, k, v, HEADS), width, true, name + ".out_proj");
  }

  private <T> T project(Ops<T> ops, T x, String name, int part) {
    return ops.add(ops.matmul(x, inWeight(ops, name, part)), inBias(ops, name, part));
  }

  /** Part 0, 1, 2: queries, keys, values; transposed for a product from the right. */
  private <T> T inWeight(Ops<T> ops, String name, int part) {
    T all = ops.parameter(name + ".in_proj_weight", Shape.of(3 * width, width));
    return ops.permute(ops.slice(all, 0, part * width, (part + 1) * width), 1, 0);
  }

  private <T> T inBias(Ops<T> ops, String name, int part) {
    T all = ops.parameter(name + ".in_proj_bias", Shape.of(3 * width));
    return ops.slice(all, 0, part * width, (part + 1) * width);
  }
}

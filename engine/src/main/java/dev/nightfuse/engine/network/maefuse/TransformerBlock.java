package dev.nightfuse.engine.network.maefuse;

import dev.nightfuse.engine.network.Ops;

/** A pre-norm transformer block (ViT, Dosovitskiy et al., ICLR 2021), keys as in timm. */
final class TransformerBlock {

  static final double EPSILON = 1e-6;

  private static final int MLP_RATIO = 4;

  private TransformerBlock() {}

  static <T> T forward(Ops<T> ops, T tokens, int heads, String name) {
    int width = ops.shape(tokens).dim(2);
    T normed = ops.layerNorm(tokens, EPSILON, name + ".norm1");
    T qkv = ops.linear(normed, 3 * width, true, name + ".attn.qkv");
    T attended =
        MultiHead.attend(
            ops,
            ops.slice(qkv, 2, 0, width),
            ops.slice(qkv, 2, width, 2 * width),
            ops.slice(qkv, 2, 2 * width, 3 * width),
            heads);
    T x = ops.add(tokens, ops.linear(attended, width, true, name + ".attn.proj"));
    T hidden =
        ops.linear(
            ops.layerNorm(x, EPSILON, name + ".norm2"), MLP_RATIO * width, true, name + ".mlp.fc1");
    return ops.add(x, ops.linear(ops.gelu(hidden), width, true, name + ".mlp.fc2"));
  }
}

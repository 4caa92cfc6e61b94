package dev.nightfuse.engine.network.peers;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Ops;
import java.util.List;

/**
 * SeAFusion (Tang et al., Information Fusion 2022): two streams of gradient residual dense blocks,
 * one decoder, everything at full size. Any height and width.
 */
public final class SeAFusion {

  private static final double SLOPE = 0.2;

  /** Of the sum that leaves a gradient residual dense block; everything else has 0.2. */
  private static final double BLOCK_SLOPE = 0.1;

  /**
   * @param visible luma {@code [N,1,H,W]} in 0 to 1
   * @param infrared {@code [N,1,H,W]} in 0 to 1
   * @return fused luma in 0 to 1
   */
  public <T> T forward(Ops<T> ops, T visible, T infrared) {
    T x = ops.concat(1, List.of(stream(ops, visible, "vis"), stream(ops, infrared, "inf")));
    x = convolve(ops, x, 64, "decode4.conv");
    x = convolve(ops, x, 32, "decode3.conv");
    x = convolve(ops, x, 16, "decode2.conv");
    T luma = ops.tanh(ops.conv(x, Conv.same(1, 3), "decode1.conv"));
    return ops.add(ops.mul(luma, 0.5), 0.5);
  }

  private static <T> T stream(Ops<T> ops, T picture, String name) {
    T x = convolve(ops, picture, 16, name + "_conv.conv");
    x = gradientResidualDense(ops, x, 32, name + "_rgbd1");
    return gradientResidualDense(ops, x, 48, name + "_rgbd2");
  }

  /** Dense convolutions beside learned Sobel gradients. */
  private static <T> T gradientResidualDense(Ops<T> ops, T x, int out, String name) {
    int channels = ops.shape(x).dim(1);
    T a = convolve(ops, x, channels, name + ".dense.conv1.conv");
    T b = convolve(ops, ops.concat(1, List.of(x, a)), channels, name + ".dense.conv2.conv");
    T dense = ops.conv(ops.concat(1, List.of(x, a, b)), Conv.same(out, 1), name + ".convdown.conv");
    Conv sobel = Conv.same(channels, 3).withGroups(channels).withoutBias();
    T gradient =
        ops.add(
            ops.abs(ops.conv(x, sobel, name + ".sobelconv.convx")),
            ops.abs(ops.conv(x, sobel, name + ".sobelconv.convy")));
    T residual = ops.conv(gradient, Conv.same(out, 1), name + ".convup.conv");
    return ops.leakyRelu(ops.add(dense, residual), BLOCK_SLOPE);
  }

  private static <T> T convolve(Ops<T> ops, T x, int out, String name) {
    return ops.leakyRelu(ops.conv(x, Conv.same(out, 3), name), SLOPE);
  }
}

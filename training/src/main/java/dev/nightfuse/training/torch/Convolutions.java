package dev.nightfuse.training.torch;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's two-dimensional convolution, in the one layout in which its gradients on processors
 * can be relied on: channels last, two channels at least. For other layouts, and a single channel
 * has no layout, oneDNN 3.7.1 sorts the weights anew and leaves out all but the first tap of a
 * filter: the gradient of the input then is of that tap and of what lay in memory, and the call
 * takes fifty times as long. What it computes forward is right, so no picture shows it.
 */
public final class Convolutions {

  private static final int CHANNELS = 1;

  private Convolutions() {}

  /**
   * @param x {@code [N, in, H, W]}
   * @param weight {@code [out, in / groups, height, width]}
   * @param stride down and across, as padding and dilation
   */
  public static Tensor of(
      Tensor x,
      Tensor weight,
      TensorOptional bias,
      long[] stride,
      long[] padding,
      long[] dilation,
      long groups) {
    boolean point = weight.size(2) == 1 && weight.size(3) == 1;
    if (point && (stride[0] > 1 || stride[1] > 1) && padding[0] + padding[1] == 0) {
      // oneDNN writes past its own memory when it skips pixels of few channels.
      Tensor seen = every(every(x, 2, stride[0]), 3, stride[1]);
      return of(seen, weight, bias, new long[] {1, 1}, padding, dilation, groups);
    }
    if (x.size(CHANNELS) == 1) {
      return of(withZeros(x), withZeros(weight), bias, stride, padding, dilation, groups);
    }
    return torch.conv2d(
        x.contiguous(torch.MemoryFormat.ChannelsLast),
        weight,
        bias,
        stride,
        padding,
        dilation,
        groups);
  }

  /**
   * Whether so many outputs can be computed in 16 bits. oneDNN takes them two by two; where the
   * last has no partner, the gradient of the input is made of what lies in memory, too.
   */
  static boolean halved(int out) {
    return out % 2 == 0;
  }

  private static Tensor every(Tensor x, long axis, long step) {
    return x.slice(axis, new LongOptional(0), new LongOptional(x.size(axis)), step);
  }

  private static Tensor withZeros(Tensor x) {
    return torch.cat(new TensorVector(x, torch.zeros_like(x)), CHANNELS);
  }
}

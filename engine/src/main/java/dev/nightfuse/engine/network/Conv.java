package dev.nightfuse.engine.network;

/**
 * A square two-dimensional convolution (cross-correlation, as in every framework).
 *
 * @param out output channels
 * @param kernel side of the kernel
 * @param stride step along both sides
 * @param padding zeros added on every side
 * @param dilation distance between kernel taps
 * @param groups channel groups; equal to the input channels for a depthwise convolution
 * @param bias whether a bias is added
 */
public record Conv(
    int out, int kernel, int stride, int padding, int dilation, int groups, boolean bias) {

  public Conv {
    if (out < 1 || kernel < 1 || stride < 1 || padding < 0 || dilation < 1 || groups < 1) {
      throw new IllegalArgumentException(
          "convolution out=%d kernel=%d stride=%d padding=%d dilation=%d groups=%d"
              .formatted(out, kernel, stride, padding, dilation, groups));
    }
  }

  /** Keeps the size of the picture: stride 1, padding to match, bias. The kernel is odd. */
  public static Conv same(int out, int kernel) {
    return new Conv(out, kernel, 1, kernel / 2, 1, 1, true);
  }

  public Conv withoutBias() {
    return new Conv(out, kernel, stride, padding, dilation, groups, false);
  }

  public Conv withStride(int value) {
    return new Conv(out, kernel, value, padding, dilation, groups, bias);
  }

  /** Spreads the taps and pads so that the size stays. */
  public Conv withDilation(int value) {
    return new Conv(out, kernel, stride, kernel / 2 * value, value, groups, bias);
  }

  public Conv withGroups(int value) {
    return new Conv(out, kernel, stride, padding, dilation, value, bias);
  }

  /** Shape of the weight for an input of so many channels: out, in / groups, kernel, kernel. */
  public Shape weightShape(int in) {
    if (in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          "convolution %d -> %d does not divide into %d groups".formatted(in, out, groups));
    }
    return Shape.of(out, in / groups, kernel, kernel);
  }

  int outSize(int in) {
    return (in + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
  }
}

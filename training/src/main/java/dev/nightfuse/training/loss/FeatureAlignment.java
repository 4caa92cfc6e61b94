package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * MaeFuse, Eq. 5: the fusion layer's tokens against the mean of both encodings, squared; the same
 * for the CFM's output and the MFM's. The paper gives the square of a tensor; it is averaged over
 * all elements, as released.
 */
public final class FeatureAlignment {

  private FeatureAlignment() {}

  /** All three {@code [N, tokens, width]}. The encodings are targets: no gradient reaches them. */
  public static Tensor of(Tensor fused, Tensor visible, Tensor infrared) {
    return torch.mse_loss(fused, Tensors.times(visible.add(infrared), 0.5).detach());
  }
}

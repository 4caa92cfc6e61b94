package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** CC and SCD of fused pictures {@code [N, 1, H, W]} with a gradient, {@code [N]}. */
public final class Correlations {

  /** Keeps a picture of one level from dividing by zero; far below any real variance. */
  private static final double EPSILON = 1e-8;

  private Correlations() {}

  /** Mean of the fused picture's correlations with its sources; 1 at most. */
  public static Tensor withSources(Tensor fused, Tensor visible, Tensor infrared) {
    return Tensors.times(pearson(fused, visible).add(pearson(fused, infrared)), 0.5);
  }

  /** Sum of the correlations of differences (SCD); 2 at most. */
  public static Tensor ofDifferences(Tensor fused, Tensor visible, Tensor infrared) {
    return pearson(infrared, fused.sub(visible)).add(pearson(visible, fused.sub(infrared)));
  }

  private static Tensor pearson(Tensor a, Tensor b) {
    Tensor x = centred(a);
    Tensor y = centred(b);
    Tensor covariance = x.mul(y).mean(1);
    Tensor variances = x.mul(x).mean(1).mul(y.mul(y).mean(1));
    return torch.div(covariance, variances.add(Tensors.scalar(EPSILON)).sqrt());
  }

  private static Tensor centred(Tensor x) {
    Tensor flat = x.flatten(1, -1);
    return flat.sub(flat.mean(new long[] {1}, true, null));
  }
}

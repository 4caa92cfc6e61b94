package dev.nightfuse.training.torch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** AdamW (Loshchilov and Hutter, ICLR 2019). Kernels decay, norms and biases do not. */
public final class AdamW extends Optimiser {

  /** The usual memory of squares; masked autoencoders take 0.95. */
  public static final double BETA2 = 0.999;

  private static final double BETA1 = 0.9;
  private static final double EPSILON = 1e-8;
  private static final String FIRST = "first";
  private static final String SECOND = "second";

  private final double beta2;
  private final double weightDecay;

  public AdamW(
      List<TorchParameters.Entry> parameters, double beta2, double weightDecay, double clipNorm) {
    super(parameters, clipNorm);
    this.beta2 = beta2;
    this.weightDecay = weightDecay;
  }

  @Override
  void update(String key, Tensor value, Tensor gradient, double learningRate) {
    double correction1 = 1 - Math.pow(BETA1, (double) steps());
    double correction2 = 1 - Math.pow(beta2, (double) steps());
    Tensor first = moment(FIRST, key, value);
    Tensor second = moment(SECOND, key, value);
    first.mul_(new Scalar(BETA1)).add_(gradient, new Scalar(1 - BETA1));
    second.mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
    if (value.dim() > 1) {
      value.mul_(new Scalar(1 - learningRate * weightDecay));
    }
    Tensor scale = second.div(new Scalar(correction2)).sqrt().add_(new Scalar(EPSILON));
    value.addcdiv_(first, scale, new Scalar(-learningRate / correction1));
  }
}

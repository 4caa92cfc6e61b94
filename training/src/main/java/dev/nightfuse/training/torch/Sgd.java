package dev.nightfuse.training.torch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Gradient descent with momentum as PyTorch defines it: {@code v = m v + g + w p}, then {@code p =
 * p - rate v}; weight decay reaches every parameter.
 */
public final class Sgd extends Optimiser {

  private static final String VELOCITY = "velocity";

  private final double momentum;
  private final double weightDecay;

  public Sgd(
      List<TorchParameters.Entry> parameters,
      double momentum,
      double weightDecay,
      double clipNorm) {
    super(parameters, clipNorm);
    this.momentum = momentum;
    this.weightDecay = weightDecay;
  }

  @Override
  void update(String key, Tensor value, Tensor gradient, double learningRate) {
    Tensor velocity = moment(VELOCITY, key, value);
    velocity.mul_(new Scalar(momentum)).add_(gradient).add_(value, new Scalar(weightDecay));
    value.add_(velocity, new Scalar(-learningRate));
  }
}

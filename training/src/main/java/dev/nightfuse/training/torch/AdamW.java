package dev.nightfuse.training.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * AdamW (Loshchilov and Hutter, ICLR 2019) with gradients clipped by their common norm. Kernels
 * decay, norms and biases do not. Owns its two moments of every parameter; they and {@link #steps}
 * are all it remembers, so that a run can be taken up exactly. One thread.
 */
public final class AdamW implements AutoCloseable {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final List<TorchParameters.Entry> parameters;
  private final double weightDecay;
  private final double clipNorm;
  private final Map<String, Tensor> moments = new LinkedHashMap<>();
  private long steps;

  /**
   * @param clipNorm longest gradient of all parameters together; longer ones are shortened
   */
  public AdamW(List<TorchParameters.Entry> parameters, double weightDecay, double clipNorm) {
    this.parameters = List.copyOf(parameters);
    this.weightDecay = weightDecay;
    this.clipNorm = clipNorm;
    for (TorchParameters.Entry entry : parameters) {
      for (String moment : List.of("first.", "second.")) {
        Tensor zeros = torch.zeros_like(entry.tensor().detach());
        zeros.retainReference();
        moments.put(moment + entry.key(), zeros);
      }
    }
  }

  /** Forgets the gradients of the last step. */
  public void zeroGradients() {
    for (TorchParameters.Entry entry : parameters) {
      Tensor gradient = entry.tensor().grad();
      if (gradient.defined()) {
        gradient.zero_();
      }
    }
  }

  /**
   * Takes one step along the gradients.
   *
   * @return the norm of the gradient before it was clipped
   */
  public double step(double learningRate) {
    steps++;
    double norm = gradientNorm();
    double shrink = norm > clipNorm ? clipNorm / norm : 1;
    double correction1 = 1 - Math.pow(BETA1, (double) steps);
    double correction2 = 1 - Math.pow(BETA2, (double) steps);
    for (TorchParameters.Entry entry : parameters) {
      Tensor value = entry.tensor().detach();
      Tensor gradient = entry.tensor().grad();
      if (!gradient.defined()) {
        continue;
      }
      gradient = gradient.mul(new Scalar(shrink));
      Tensor first = moment("first." + entry.key());
      Tensor second = moment("second." + entry.key());
      first.mul_(new Scalar(BETA1)).add_(gradient, new Scalar(1 - BETA1));
      second.mul_(new Scalar(BETA2)).addcmul_(gradient, gradient, new Scalar(1 - BETA2));
      if (value.dim() > 1) {
        value.mul_(new Scalar(1 - learningRate * weightDecay));
      }
      Tensor scale = second.div(new Scalar(correction2)).sqrt().add_(new Scalar(EPSILON));
      value.addcdiv_(first, scale, new Scalar(-learningRate / correction1));
    }
    return norm;
  }

  private double gradientNorm() {
    double squares = 0;
    for (TorchParameters.Entry entry : parameters) {
      Tensor gradient = entry.tensor().grad();
      if (gradient.defined()) {
        double norm = gradient.norm().item_float();
        squares += norm * norm;
      }
    }
    return Math.sqrt(squares);
  }

  private Tensor moment(String key) {
    Tensor moment = moments.get(key);
    if (moment == null) {
      throw new IllegalArgumentException("no moment " + key);
    }
    return moment;
  }

  public long steps() {
    return steps;
  }

  /** Both moments by name, as they are now. */
  public Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    moments.forEach((key, tensor) -> state.put(key, TorchDevice.floats(tensor)));
    return state;
  }

  /** Takes up what {@link #state} and {@link #steps} gave. */
  public void restore(Map<String, float[]> state, long stepsDone) {
    if (!state.keySet().equals(moments.keySet())) {
      throw new IllegalArgumentException(
          "optimiser state of %d moments, %d are needed".formatted(state.size(), moments.size()));
    }
    moments.forEach(
        (key, tensor) -> tensor.copy_(Tensor.create(state.get(key)).reshape(tensor.shape())));
    steps = stepsDone;
  }

  @Override
  public void close() {
    moments.values().forEach(Tensor::close);
    moments.clear();
  }
}

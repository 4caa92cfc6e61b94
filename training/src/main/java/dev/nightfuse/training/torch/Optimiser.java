package dev.nightfuse.training.torch;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Takes parameters along their gradients, clipped by their common norm. Owns the moments it keeps
 * of every parameter that a gradient has reached; they and {@link #steps} are all it remembers, so
 * that a run can be taken up exactly. One thread.
 */
public abstract class Optimiser implements AutoCloseable {

  private final List<TorchParameters.Entry> parameters;
  private final double clipNorm;
  private final Map<String, Tensor> moments = new LinkedHashMap<>();
  private long steps;

  /**
   * @param clipNorm longest gradient of all parameters together; longer ones are shortened
   */
  Optimiser(List<TorchParameters.Entry> parameters, double clipNorm) {
    // By key: a run that is taken up may ask for its parameters in another order, and a sum of
    // squares must not notice.
    this.parameters =
        parameters.stream().sorted(Comparator.comparing(TorchParameters.Entry::key)).toList();
    this.clipNorm = clipNorm;
  }

  /** Moves one parameter; its value carries no gradient. */
  abstract void update(String key, Tensor value, Tensor gradient, double learningRate);

  /** A moment of a parameter, zero until it is changed. */
  final Tensor moment(String name, String key, Tensor value) {
    return moments.computeIfAbsent(name + "." + key, absent -> kept(torch.zeros_like(value)));
  }

  private static Tensor kept(Tensor moment) {
    moment.retainReference();
    return moment;
  }

  /**
   * Forgets the gradients of the last step. None is left, not even zeros: they would let decay and
   * moments move what a batch does not reach.
   */
  public final void forgetGradients() {
    for (TorchParameters.Entry entry : parameters) {
      entry.tensor().mutable_grad().reset();
    }
  }

  /**
   * Takes one step along the gradients; a parameter that none reached stays.
   *
   * @return the norm of the gradient before it was clipped
   */
  public final double step(double learningRate) {
    steps++;
    double norm = gradientNorm();
    Scalar shrink = new Scalar(norm > clipNorm ? clipNorm / norm : 1);
    for (TorchParameters.Entry entry : parameters) {
      Tensor gradient = entry.tensor().grad();
      if (gradient.defined()) {
        update(entry.key(), entry.tensor().detach(), gradient.mul(shrink), learningRate);
      }
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

  public final long steps() {
    return steps;
  }

  /** Every moment by name, as it is now. */
  public final Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    moments.forEach((key, tensor) -> state.put(key, TorchDevice.floats(tensor)));
    return state;
  }

  /** Takes up what {@link #state} and {@link #steps} gave; what is of other parameters is left. */
  public final void restore(Map<String, float[]> state, long stepsDone) {
    close();
    for (TorchParameters.Entry entry : parameters) {
      state.forEach(
          (name, values) -> {
            if (name.substring(name.indexOf('.') + 1).equals(entry.key())) {
              Tensor moment = kept(torch.zeros_like(entry.tensor().detach()));
              moment.copy_(Tensor.create(values).reshape(moment.shape()));
              moments.put(name, moment);
            }
          });
    }
    steps = stepsDone;
  }

  @Override
  public final void close() {
    moments.values().forEach(Tensor::close);
    moments.clear();
  }
}

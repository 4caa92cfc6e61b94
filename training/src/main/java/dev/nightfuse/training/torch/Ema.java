package dev.nightfuse.training.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Moving average of all parameters, statistics of norms included; it is what is deployed. Owns its
 * copies. One thread.
 */
public final class Ema implements AutoCloseable {

  private final double decay;
  private final Map<String, Tensor> averages = new LinkedHashMap<>();

  /**
   * @param decay share of the old average that each step keeps, once warmed up
   */
  public Ema(double decay) {
    this.decay = decay;
  }

  /**
   * Follows the parameters by one step; the first values are forgotten quickly.
   *
   * @param step of the stage, from 0; a stage that learns little by little is not outweighed by the
   *     one before
   */
  public void update(TorchParameters parameters, long step) {
    double weight = 1 - Math.min(decay, (1.0 + step) / (10.0 + step));
    for (TorchParameters.Entry entry : parameters.all()) {
      Tensor average = averages.get(entry.key());
      if (average == null) {
        Tensor copy = entry.tensor().detach().clone();
        copy.retainReference();
        averages.put(entry.key(), copy);
      } else {
        average.lerp_(entry.tensor().detach(), new Scalar(weight));
      }
    }
  }

  /** Averages by key, as they are now. */
  public Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    averages.forEach((key, tensor) -> state.put(key, TorchDevice.floats(tensor)));
    return state;
  }

  /**
   * Takes up what {@link #state} gave; the parameters give the shapes. One that is new, because a
   * stage begins that is the first to need it, is its own average.
   */
  public void restore(Map<String, float[]> state, TorchParameters parameters) {
    close();
    update(parameters, 0);
    averages.forEach(
        (key, tensor) -> {
          float[] values = state.get(key);
          if (values != null) {
            tensor.copy_(Tensor.create(values).reshape(tensor.shape()));
          }
        });
  }

  @Override
  public void close() {
    averages.values().forEach(Tensor::close);
    averages.clear();
  }
}

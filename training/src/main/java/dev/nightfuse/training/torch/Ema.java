package dev.nightfuse.training.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
   * Parameters that have no average yet begin with their own value, or with what {@link #state}
   * gave when a run is taken up. Comes before the step that moves them, so that one which a later
   * stage asks for first begins alike in a run that was stopped before that stage.
   */
  public void begin(TorchParameters parameters, Map<String, float[]> state) {
    for (TorchParameters.Entry entry : parameters.all()) {
      if (!averages.containsKey(entry.key())) {
        Tensor average = entry.tensor().detach().clone();
        average.retainReference();
        float[] known = state.get(entry.key());
        if (known != null) {
          average.copy_(Tensor.create(known).reshape(average.shape()));
        }
        averages.put(entry.key(), average);
      }
    }
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
      Tensor average = Objects.requireNonNull(averages.get(entry.key()), entry.key());
      average.lerp_(entry.tensor().detach(), new Scalar(weight));
    }
  }

  /** Averages by key, as they are now. */
  public Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    averages.forEach((key, tensor) -> state.put(key, TorchDevice.floats(tensor)));
    return state;
  }

  @Override
  public void close() {
    averages.values().forEach(Tensor::close);
    averages.clear();
  }
}

package dev.nightfuse.training.torch;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.weights.SafetensorsWriter;
import dev.nightfuse.engine.weights.WeightTensor;
import dev.nightfuse.engine.weights.WeightsFile;
import dev.nightfuse.training.settings.TrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/**
 * Owns the tensors a network learns, under the network's keys. They come into being when the
 * network first asks for them, from a weights file or from the initialiser, and live until {@link
 * #close}, whatever pointer scopes come and go. Not thread-safe.
 */
public final class TorchParameters implements AutoCloseable {

  /** A tensor that gradients reach. */
  public record Entry(String key, Tensor tensor) {}

  private final Initialiser initialiser;
  private final TorchDevice device;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, Boolean> learned = new LinkedHashMap<>();
  private Predicate<String> frozen = key -> false;
  private Precision precision = Precision.FLOAT32;

  public TorchParameters(Initialiser initialiser, TorchDevice device) {
    this.initialiser = initialiser;
    this.device = device;
  }

  /**
   * Initial values from a weights file where it has the key, else from {@code otherwise}. They
   * throw a {@link TrainException} when the file's are of another size than the network's.
   */
  public static Initialiser from(Path file, Initialiser otherwise) throws EngineException {
    Map<String, float[]> values = new LinkedHashMap<>();
    try (WeightsFile weights = WeightsFile.open(file)) {
      for (WeightTensor tensor : weights.tensors().values()) {
        values.put(tensor.name(), tensor.readFloats());
      }
    } catch (IOException e) {
      throw new EngineException("weights file " + file + ": " + e.getMessage(), e);
    }
    return (key, shape) -> {
      float[] found = values.get(key);
      if (found == null) {
        return otherwise.values(key, shape);
      }
      if (found.length != shape.elements()) {
        throw new TrainException(
            "%s: %s has %d values, the network needs %s".formatted(file, key, found.length, shape));
      }
      return found;
    };
  }

  public TorchDevice device() {
    return device;
  }

  /** What the learned convolutions of a network that is being trained compute in from now on. */
  public void computeIn(Precision wanted) {
    precision = wanted;
  }

  Precision precision() {
    return precision;
  }

  /**
   * Keys that match no longer learn; their batch norms use the stored statistics. Gradients of
   * before are forgotten.
   */
  public void freeze(Predicate<String> keys) {
    frozen = keys;
    learned.forEach(
        (key, wanted) -> {
          Tensor tensor = tensor(key);
          tensor.requires_grad_(wanted && !keys.test(key));
          tensor.mutable_grad().reset();
        });
  }

  boolean isFrozen(String key) {
    return frozen.test(key);
  }

  /** What gradients may reach, in the order the network asked for it. */
  public List<Entry> trainable() {
    List<Entry> result = new ArrayList<>();
    learned.forEach(
        (key, wanted) -> {
          if (wanted && !frozen.test(key)) {
            result.add(new Entry(key, tensor(key)));
          }
        });
    return result;
  }

  /** Everything, statistics of norms included. */
  public List<Entry> all() {
    List<Entry> result = new ArrayList<>();
    tensors.forEach((key, tensor) -> result.add(new Entry(key, tensor)));
    return result;
  }

  Tensor get(String key, Shape shape, boolean wanted) {
    Tensor tensor = tensors.get(key);
    if (tensor == null) {
      tensor = device.tensor(initialiser.values(key, shape), shape);
      // The scope of the step that asked first must not take it away.
      tensor.retainReference();
      tensor.requires_grad_(wanted && !frozen.test(key));
      tensors.put(key, tensor);
      shapes.put(key, shape);
      learned.put(key, wanted);
    } else if (!shape.equals(shape(key))) {
      throw new IllegalArgumentException(
          "parameter %s is asked for as %s and as %s".formatted(key, shape(key), shape));
    }
    return tensor;
  }

  private Tensor tensor(String key) {
    Tensor tensor = tensors.get(key);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter " + key);
    }
    return tensor;
  }

  public float[] values(String key) {
    return TorchDevice.floats(tensor(key));
  }

  /** All values by key, as they are now. */
  public Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    tensors.forEach((key, tensor) -> state.put(key, TorchDevice.floats(tensor)));
    return state;
  }

  /** Overwrites values; the network must have asked for the key before. */
  public void set(String key, float[] values) {
    Tensor tensor = tensor(key);
    try (Tensor source = device.tensor(values, shape(key));
        Tensor target = tensor.detach()) {
      target.copy_(source);
    }
  }

  private Shape shape(String key) {
    Shape shape = shapes.get(key);
    if (shape == null) {
      throw new IllegalArgumentException("no parameter " + key);
    }
    return shape;
  }

  /** Values as they are now, for a graph that deploys them. */
  public ParameterStore store() {
    ParameterStore store = new ParameterStore();
    shapes.forEach((key, shape) -> store.put(Parameter.of(key, shape, values(key))));
    return store;
  }

  /** Sizes by key, outermost first. */
  public Map<String, List<Integer>> shapes() {
    Map<String, List<Integer>> sizes = new LinkedHashMap<>();
    shapes.forEach((key, shape) -> sizes.put(key, Arrays.stream(shape.toArray()).boxed().toList()));
    return sizes;
  }

  /**
   * Writes safetensors under the network's keys.
   *
   * @param values by key, such as the moving averages
   * @param shapes of every key that is written
   */
  public static void save(Path file, Map<String, float[]> values, Map<String, List<Integer>> shapes)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    shapes.forEach(
        (key, shape) -> writer.add(key, shape, () -> Objects.requireNonNull(values.get(key), key)));
    writer.write(file, Map.of());
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
    shapes.clear();
    learned.clear();
  }
}

package dev.nightfuse.engine.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a network under the keys of its published checkpoint.
 *
 * <p>Filled by one thread, then read by one thread.
 */
public final class ParameterStore {

  private final @Nullable BiFunction<String, Shape, Parameter> source;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  /** An empty store, to be filled with {@link #put}. */
  public ParameterStore() {
    this.source = null;
  }

  private ParameterStore(BiFunction<String, Shape, Parameter> source) {
    this.source = source;
  }

  /**
   * A store that makes parameters when a network asks for them: for initial values and for tests
   * that prescribe them.
   */
  public static ParameterStore generated(BiFunction<String, Shape, Parameter> source) {
    return new ParameterStore(source);
  }

  /** A store for networks without parameters. */
  public static ParameterStore empty() {
    return new ParameterStore();
  }

  public void put(Parameter parameter) {
    if (parameters.putIfAbsent(parameter.key(), parameter) != null) {
      throw new IllegalArgumentException("parameter " + parameter.key() + " given twice");
    }
  }

  /**
   * The parameter of this key and shape.
   *
   * @throws IllegalArgumentException when it is missing or has another shape; names key and shapes
   */
  public Parameter get(String key, Shape shape) {
    Parameter parameter = parameters.get(key);
    if (parameter == null && source != null) {
      parameter = source.apply(key, shape);
      parameters.put(key, parameter);
    }
    if (parameter == null) {
      throw new IllegalArgumentException(
          "parameter %s %s is missing among %d".formatted(key, shape, parameters.size()));
    }
    if (!parameter.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "parameter %s has shape %s, the network needs %s"
              .formatted(key, parameter.shape(), shape));
    }
    return parameter;
  }
}

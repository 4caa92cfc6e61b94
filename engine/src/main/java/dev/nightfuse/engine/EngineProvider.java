package dev.nightfuse.engine;

/** One backend: ONNX Runtime, TensorRT. Stateless; safe for every thread. */
public interface EngineProvider {

  /** The name used in configuration: {@code onnxruntime}, {@code tensorrt}. */
  String name();

  /**
   * Looks whether it can work here. Never throws and never crashes the process; may take a second
   * the first time.
   */
  Availability probe();

  /**
   * Whether opening this model takes seconds at most. False when it must first be prepared on this
   * machine, for minutes, which {@link #open} then does. Never throws.
   */
  default boolean prepared(ModelFile model, EngineOptions options) {
    return true;
  }

  /**
   * Opens a model.
   *
   * @throws EngineException when the model does not fit the options or the backend refuses it; says
   *     which and why
   */
  FusionEngine open(ModelFile model, EngineOptions options) throws EngineException;
}

package dev.nightfuse.engine.tensorrt;

/** The driver or TensorRT refused something; the message says what, and what would help. */
final class GpuException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean contextLost;

  GpuException(String message) {
    this(message, false);
  }

  GpuException(String message, boolean contextLost) {
    super(message);
    this.contextLost = contextLost;
  }

  /** Whether everything that this process holds on the GPU is lost with it. */
  boolean contextLost() {
    return contextLost;
  }
}

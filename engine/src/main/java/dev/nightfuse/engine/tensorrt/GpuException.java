package dev.nightfuse.engine.tensorrt;

/** The driver or TensorRT refused something; the message says what, and what would help. */
final class GpuException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean contextLost;
  private final boolean memoryShort;

  GpuException(String message) {
    this(message, false);
  }

  GpuException(String message, boolean contextLost) {
    this(message, contextLost, false);
  }

  private GpuException(String message, boolean contextLost, boolean memoryShort) {
    super(message);
    this.contextLost = contextLost;
    this.memoryShort = memoryShort;
  }

  static GpuException memoryShort(String message) {
    return new GpuException(message, false, true);
  }

  /** Whether it may work when others give GPU memory back, and nothing else is wrong. */
  boolean memoryShort() {
    return memoryShort;
  }

  /** Whether everything that this process holds on the GPU is lost with it. */
  boolean contextLost() {
    return contextLost;
  }
}

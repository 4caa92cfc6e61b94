package dev.nightfuse.engine;

/** A model cannot be read, an engine cannot be opened, or inference failed. */
public final class EngineException extends Exception {

  private static final long serialVersionUID = 1L;

  public EngineException(String message) {
    super(message);
  }

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}

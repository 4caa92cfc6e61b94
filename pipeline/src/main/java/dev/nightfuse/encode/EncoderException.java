package dev.nightfuse.encode;

/** No encoder can be had, or one stopped working. The message says which and why. */
public final class EncoderException extends Exception {

  private static final long serialVersionUID = 1L;

  public EncoderException(String message) {
    super(message);
  }

  public EncoderException(String message, Throwable cause) {
    super(message, cause);
  }
}

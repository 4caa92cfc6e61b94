package dev.nightfuse.training.settings;

/**
 * A mistake of the user: bad configuration, missing data. The message is all that is shown.
 * Unchecked, because weights of the wrong size are found deep inside a network.
 */
public final class TrainException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TrainException(String message) {
    super(message);
  }
}

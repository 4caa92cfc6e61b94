package dev.nightfuse.training;

/**
 * A mistake of the user: bad configuration, missing data. The message is all that is shown.
 * Unchecked, because weights of the wrong size are found deep inside a network.
 */
final class TrainException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TrainException(String message) {
    super(message);
  }
}

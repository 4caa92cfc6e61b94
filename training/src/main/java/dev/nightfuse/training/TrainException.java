package dev.nightfuse.training;

/** A mistake of the user: bad configuration, missing data. The message is all that is shown. */
final class TrainException extends Exception {

  private static final long serialVersionUID = 1L;

  TrainException(String message) {
    super(message);
  }
}

package dev.nightfuse.training.data;

/** A data set that is not as it should be; the message names the file or folder and the remedy. */
public final class DataException extends Exception {

  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }
}

package dev.nightfuse.app;

/**
 * Something that the person at the keyboard can mend. Its message is all that is shown; the exit
 * code goes with it.
 */
final class UserErrorException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  UserErrorException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}

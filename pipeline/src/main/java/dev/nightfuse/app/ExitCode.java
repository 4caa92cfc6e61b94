package dev.nightfuse.app;

/** Exit codes of the program, as in sysexits(3) where that has one. */
final class ExitCode {

  static final int OK = 0;

  /** It ran and failed. */
  static final int FAILED = 1;

  /** Wrong command line (picocli's default). */
  static final int USAGE = 2;

  /** An input cannot be read (EX_NOINPUT). */
  static final int NO_INPUT = 66;

  /** A configured engine, encoder or other part is not there (EX_UNAVAILABLE). */
  static final int UNAVAILABLE = 69;

  /** An output cannot be written (EX_CANTCREAT). */
  static final int CANNOT_CREATE = 73;

  /** Bad configuration (EX_CONFIG); the service unit does not restart on it. */
  static final int CONFIG = 78;

  private ExitCode() {}
}

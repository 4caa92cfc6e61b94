package dev.nightfuse.access;

import java.nio.file.Path;

/** A certificate or key that cannot be used; the message names the file and what is allowed. */
public final class TlsException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Path file;

  TlsException(Path file, String problem) {
    super(file + ": " + problem);
    this.file = file;
  }

  /** The file to blame. */
  public Path file() {
    return file;
  }
}

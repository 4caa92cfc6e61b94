package dev.nightfuse.rtsp;

/** A request that is refused: the status the client gets and, for the log, why. */
final class RtspException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final RtspStatus status;

  RtspException(RtspStatus status, String message) {
    // Refusing is ordinary work, and a hostile client must not buy stack walks with it.
    super(message, null, false, false);
    this.status = status;
  }

  RtspStatus status() {
    return status;
  }
}

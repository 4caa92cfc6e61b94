package dev.nightfuse.camera;

/**
 * A camera cannot be opened, or was lost. The message names the camera's URI (without credentials)
 * and the cause.
 */
public final class CameraException extends Exception {

  private static final long serialVersionUID = 1L;

  public CameraException(String message) {
    super(message);
  }

  public CameraException(String message, Throwable cause) {
    super(message, cause);
  }
}

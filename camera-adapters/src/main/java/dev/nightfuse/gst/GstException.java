package dev.nightfuse.gst;

/**
 * GStreamer or one of its elements is missing, or a pipeline failed. GStreamer repeats addresses in
 * its messages; credentials are taken out here.
 */
public final class GstException extends Exception {

  private static final long serialVersionUID = 1L;

  public GstException(String message) {
    super(Credentials.hide(message));
  }

  public GstException(String message, Throwable cause) {
    super(Credentials.hide(message), cause);
  }
}

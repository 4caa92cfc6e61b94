package dev.nightfuse.gst;

/**
 * GStreamer or one of its elements is missing, or a pipeline failed. Messages hold no credentials.
 */
public final class GstException extends Exception {

  private static final long serialVersionUID = 1L;

  public GstException(String message) {
    super(redact(message));
  }

  public GstException(String message, Throwable cause) {
    super(redact(message), cause);
  }

  /** GStreamer repeats addresses in its messages, user and password included. */
  private static String redact(String message) {
    return message.replaceAll("//[^/@\\s]*@", "//***@");
  }
}

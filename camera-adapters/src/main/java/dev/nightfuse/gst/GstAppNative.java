package dev.nightfuse.gst;

/** The functions of libgstapp, mapped like {@link GstNative}. */
final class GstAppNative {

  private GstAppNative() {}

  static native long gst_app_sink_try_pull_sample(long sink, long timeoutNs);

  static native int gst_app_sink_is_eos(long sink);

  /** Takes the buffer, whatever it returns. */
  static native int gst_app_src_push_buffer(long source, long buffer);

  static native int gst_app_src_end_of_stream(long source);
}

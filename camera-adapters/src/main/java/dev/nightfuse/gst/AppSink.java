package dev.nightfuse.gst;

import org.jspecify.annotations.Nullable;

/**
 * Where frames or access units leave a {@link GstPipeline}. Used by one thread at a time; owned by
 * its pipeline.
 */
public final class AppSink {

  private static final long MILLI_NS = 1_000_000L;

  private final long sink;

  AppSink(long sink) {
    this.sink = sink;
  }

  /** The next sample, or null when none came within the time or the stream is at its end. */
  public @Nullable GstSample tryPull(long timeoutMs) {
    long sample = GstAppNative.gst_app_sink_try_pull_sample(sink, timeoutMs * MILLI_NS);
    return sample == 0 ? null : new GstSample(sample);
  }

  /** Whether the stream is at its end and everything was pulled. Also true before it starts. */
  public boolean isEos() {
    return GstAppNative.gst_app_sink_is_eos(sink) != 0;
  }

  /** Asks the encoder upstream for a key frame with parameter sets, as soon as it can. */
  public boolean requestKeyFrame() {
    return GstNative.gst_element_send_event(
            sink, GstNative.gst_video_event_new_upstream_force_key_unit(GstNative.TIME_NONE, 1, 0))
        != 0;
  }
}

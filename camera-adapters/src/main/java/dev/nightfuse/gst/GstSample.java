package dev.nightfuse.gst;

import com.sun.jna.Pointer;

/**
 * One sample pulled from an {@link AppSink}: a buffer with its times and caps. Closed by whoever
 * pulled it, and not used afterwards.
 */
public final class GstSample implements AutoCloseable {

  private long sample;
  private final long buffer;
  private final Pointer fields;

  GstSample(long sample) {
    this.sample = sample;
    this.buffer = GstNative.gst_sample_get_buffer(sample);
    this.fields = new Pointer(buffer);
  }

  /** Presentation time as the elements stamped it, or -1. */
  public long ptsNs() {
    return field(GstNative.BUFFER_PTS_OFFSET);
  }

  /** How long it lasts, or -1. */
  public long durationNs() {
    return field(GstNative.BUFFER_DURATION_OFFSET);
  }

  /** The producer's own count of this buffer, or -1. */
  public long number() {
    return field(GstNative.BUFFER_OFFSET_OFFSET);
  }

  /** For encoded video: whether decoding can start here. */
  public boolean isKeyFrame() {
    checkOpen();
    return (fields.getInt(GstNative.MINI_OBJECT_FLAGS_OFFSET) & GstNative.BUFFER_FLAG_DELTA_UNIT)
        == 0;
  }

  /** Position in the media, seeks and edit lists taken into account, or -1. */
  public long streamTimeNs() {
    return GstNative.gst_segment_to_stream_time(
        GstNative.gst_sample_get_segment(checkOpen()), GstNative.FORMAT_TIME, ptsNs());
  }

  /** Time since the pipeline started to play, pauses left out, or -1. */
  public long runningTimeNs() {
    return GstNative.gst_segment_to_running_time(
        GstNative.gst_sample_get_segment(checkOpen()), GstNative.FORMAT_TIME, ptsNs());
  }

  /** The caps in GStreamer's text form; for messages. */
  public String capsText() {
    String text = GstNative.takeText(GstNative.gst_caps_to_string(caps()));
    return text == null ? "" : text;
  }

  /** Address of the caps; the same address is the same caps while a reference is held. */
  long caps() {
    return GstNative.gst_sample_get_caps(checkOpen());
  }

  /** Address of the video meta, which overrides the layout in the caps, or 0. */
  long videoMeta() {
    checkOpen();
    return GstNative.gst_buffer_get_video_meta(buffer);
  }

  /** Maps the bytes for reading. To be closed before this sample. */
  public MappedBuffer map() throws GstException {
    checkOpen();
    return new MappedBuffer(buffer);
  }

  /** A copy of the bytes. */
  public byte[] bytes() throws GstException {
    try (MappedBuffer mapped = map()) {
      byte[] copy = new byte[mapped.sizeBytes()];
      mapped.bytes().get(0, copy);
      return copy;
    }
  }

  private long field(int offset) {
    checkOpen();
    return fields.getLong(offset);
  }

  private long checkOpen() {
    if (sample == 0) {
      throw new IllegalStateException("use of a sample that was closed");
    }
    return sample;
  }

  @Override
  public void close() {
    if (sample != 0) {
      GstNative.gst_mini_object_unref(sample);
      sample = 0;
    }
  }
}

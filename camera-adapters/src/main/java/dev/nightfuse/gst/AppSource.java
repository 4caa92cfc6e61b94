package dev.nightfuse.gst;

import com.sun.jna.Pointer;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;

/**
 * Where frames or bytes enter a {@link GstPipeline}: the {@code appsrc} decides by its properties
 * {@code max-buffers}, {@code block} and {@code leaky-type} what a full queue does. Used by one
 * thread at a time; owned by its pipeline.
 */
public final class AppSource {

  private final long source;

  AppSource(long source) {
    this.source = source;
  }

  /**
   * Copies a frame's tight planes into a buffer and pushes it; the frame stays the caller's.
   *
   * @return false when the pipeline no longer takes any (stopping, or at its end)
   */
  public boolean push(Frame frame, long ptsNs, long durationNs) {
    FrameFormat format = frame.format();
    return push(frame, format.widthPx(), format.heightPx(), ptsNs, durationNs);
  }

  /** Likewise, of a frame whose last columns or rows are beyond what the caps have. */
  public boolean push(Frame frame, int widthPx, int heightPx, long ptsNs, long durationNs) {
    FrameFormat format = frame.format();
    long buffer = copyOf(frame.data(), format.sizeBytes());
    int planes = format.pixelFormat().planes();
    long[] offsets = new long[4];
    int[] strides = new int[4];
    for (int p = 0; p < planes; p++) {
      offsets[p] = format.planeOffsetBytes(p);
      strides[p] = format.planeWidth(p) * format.pixelFormat().bytesPerSample();
    }
    GstNative.gst_buffer_add_video_meta_full(
        buffer,
        0,
        GstNative.gst_video_format_from_string(gstName(format.pixelFormat())),
        widthPx,
        heightPx,
        planes,
        offsets,
        strides);
    return push(buffer, ptsNs, durationNs);
  }

  /** Copies the first {@code sizeBytes} of a direct buffer and pushes them. */
  public boolean push(ByteBuffer bytes, int sizeBytes, long ptsNs, long durationNs) {
    return push(copyOf(bytes, sizeBytes), ptsNs, durationNs);
  }

  /** Nothing follows; the pipeline finishes what it holds. */
  public void endOfStream() {
    GstAppNative.gst_app_src_end_of_stream(source);
  }

  /** Name of a pixel format in GStreamer's caps. */
  public static String gstName(PixelFormat format) {
    return format.name();
  }

  private static long copyOf(ByteBuffer bytes, int sizeBytes) {
    if (!bytes.isDirect() || sizeBytes > bytes.capacity()) {
      throw new IllegalArgumentException(
          "%d bytes of a %s buffer of %d"
              .formatted(sizeBytes, bytes.isDirect() ? "direct" : "heap", bytes.capacity()));
    }
    long buffer = GstNative.gst_buffer_new_allocate(null, sizeBytes, null);
    GstNative.gst_buffer_fill(buffer, 0, bytes, sizeBytes);
    return buffer;
  }

  private boolean push(long buffer, long ptsNs, long durationNs) {
    Pointer fields = new Pointer(buffer);
    fields.setLong(GstNative.BUFFER_PTS_OFFSET, ptsNs);
    fields.setLong(GstNative.BUFFER_DURATION_OFFSET, durationNs);
    return GstAppNative.gst_app_src_push_buffer(source, buffer) == GstNative.FLOW_OK;
  }
}

package dev.nightfuse.dashboard;

import dev.nightfuse.gst.AppSource;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.gst.GstSample;
import dev.nightfuse.stream.AccessUnit;
import java.nio.ByteBuffer;

/** Makes JPEG files of key frames. One thread; a file takes it some tens of milliseconds. */
final class JpegStill {

  private static final int TIMEOUT_MS = 5_000;

  // JFIF has 256 levels of luma, video 219: RGB between them, since videoconvert (1.22) does not
  // stretch what stays I420.
  private static final String PIPELINE =
      "appsrc name=source format=time caps=video/x-h264,stream-format=byte-stream,alignment=au"
          + " ! h264parse ! avdec_h264 max-threads=1 ! videoconvert"
          + " ! video/x-raw,format=RGB ! jpegenc"
          + " ! appsink name=sink sync=false enable-last-sample=false";

  private ByteBuffer unit = ByteBuffer.allocateDirect(0);

  /**
   * @param keyFrame with its parameter sets, as {@link AccessUnit} has them
   * @throws GstException when GStreamer lacks an element, or cannot decode the picture
   */
  byte[] of(AccessUnit keyFrame) throws GstException {
    GstRuntime gst = GstRuntime.start();
    gst.require("h264parse", "avdec_h264", "videoconvert", "jpegenc");
    byte[] payload = keyFrame.payload();
    if (unit.capacity() < payload.length) {
      unit = ByteBuffer.allocateDirect(2 * payload.length);
    }
    unit.put(0, payload);
    try (GstPipeline pipeline = gst.parse(PIPELINE)) {
      pipeline.play();
      AppSource source = pipeline.source("source");
      source.push(unit, payload.length, 0, 0);
      source.endOfStream();
      try (GstSample sample = pipeline.sink("sink").tryPull(TIMEOUT_MS)) {
        pipeline.check();
        if (sample == null) {
          throw new GstException("no picture came of a key frame");
        }
        return sample.bytes();
      }
    }
  }
}

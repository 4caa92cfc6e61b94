package dev.nightfuse.gst;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GstPipelineTest {

  private static final long FRAME_NS = 33_333_333L;

  @ParameterizedTest
  @CsvSource({
    "I420, 640, 480",
    "I420, 641, 479",
    "I420, 17, 16",
    "GRAY8, 642, 481",
    "GRAY8, 161, 121",
    "GRAY16_LE, 160, 120",
    "GRAY16_LE, 161, 121"
  })
  void copy_frameThroughPipeline_keepsEverySampleAndTime(PixelFormat pixels, int width, int height)
      throws GstException {
    FrameFormat format = new FrameFormat(pixels, width, height);
    FramePool pool = new FramePool(format, 2);
    // The capsfilter in front of appsink lets videoconvert pass rows through or lay them out anew.
    String description =
        "appsrc name=in format=time caps=\"video/x-raw,format=%s,width=%d,height=%d,framerate=30/1\""
            + " ! videoconvert ! appsink name=out sync=false";
    try (GstPipeline pipeline =
            GstRuntime.start().parse(description.formatted(pixels, width, height));
        FrameCopier copier = new FrameCopier(false)) {
      AppSource in = pipeline.source("in");
      AppSink out = pipeline.sink("out");
      pipeline.play();
      Frame sent = requireNonNull(pool.tryBorrow());
      for (int i = 0; i < format.sizeBytes(); i++) {
        sent.data().put(i, (byte) (i * 31 + i / 257));
      }
      assertTrue(in.push(sent, 5 * FRAME_NS, FRAME_NS));
      Frame got = requireNonNull(pool.tryBorrow());
      try (GstSample sample = pull(pipeline, out)) {
        assertEquals(format, copier.formatOf(sample));
        copier.copy(sample, got);
        assertEquals(5 * FRAME_NS, sample.ptsNs());
        assertEquals(FRAME_NS, sample.durationNs());
        assertEquals(5 * FRAME_NS, sample.streamTimeNs());
        assertEquals(5 * FRAME_NS, sample.runningTimeNs());
        assertEquals(FRAME_NS, copier.frameDurationNs());
      }
      assertEquals(-1, sent.data().mismatch(got.data()));
      in.endOfStream();
      assertNull(out.tryPull(5000));
      assertTrue(out.isEos());
      sent.release();
      got.release();
    }
  }

  @Test
  void copy_paddedRows_areLaidOutTight() throws GstException {
    // Without our video meta, GStreamer pads rows of 161 bytes to 164.
    try (GstPipeline pipeline =
            GstRuntime.start()
                .parse(
                    "videotestsrc pattern=gradient num-buffers=1 ! video/x-raw,format=GRAY8,width=161,height=64"
                        + " ! appsink name=out sync=false");
        FrameCopier copier = new FrameCopier(false)) {
      AppSink out = pipeline.sink("out");
      pipeline.play();
      try (GstSample sample = pull(pipeline, out)) {
        Frame frame = requireNonNull(new FramePool(copier.formatOf(sample), 1).tryBorrow());
        copier.copy(sample, frame);
        try (MappedBuffer mapped = sample.map()) {
          assertEquals(164 * 64, mapped.sizeBytes());
          for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 161; x++) {
              assertEquals(mapped.bytes().get(y * 164 + x), frame.data().get(y * 161 + x));
            }
          }
        }
      }
    }
  }

  @Test
  void parse_missingElement_namesElementAndPackage() throws GstException {
    GstRuntime runtime = GstRuntime.start();
    GstException e =
        assertThrows(GstException.class, () -> runtime.parse("avdec_nosuch ! appsink name=out"));
    assertEquals(
        "GStreamer element avdec_nosuch is not installed; Debian and Ubuntu: apt install gstreamer1.0-libav",
        e.getMessage());
    assertEquals(
        e.getMessage(),
        assertThrows(GstException.class, () -> runtime.require("appsink", "avdec_nosuch"))
            .getMessage());
  }

  @Test
  void set_unknownElementOrProperty_isNamed() throws GstException {
    try (GstPipeline pipeline =
        GstRuntime.start().parse("videotestsrc name=a ! appsink name=out")) {
      assertEquals(
          "element a has no property colour",
          assertThrows(GstException.class, () -> pipeline.set("a", "colour", "1")).getMessage());
      assertEquals(
          "pipeline has no element named b",
          assertThrows(GstException.class, () -> pipeline.set("b", "x", "1")).getMessage());
    }
  }

  @Test
  void check_failingElement_reportsItsError() throws GstException {
    try (GstPipeline pipeline =
        GstRuntime.start().parse("filesrc name=in ! appsink name=out sync=false")) {
      pipeline.set("in", "location", "/nonexistent/äöü \"quoted\" file");
      GstException e = assertThrows(GstException.class, pipeline::play);
      assertTrue(e.getMessage().contains("/nonexistent/äöü \"quoted\" file"), e.getMessage());
    }
  }

  @Test
  void close_twiceAndUseAfter_isRefusedNotCrashed() throws GstException {
    GstPipeline pipeline = GstRuntime.start().parse("videotestsrc ! appsink name=out sync=false");
    AppSink out = pipeline.sink("out");
    pipeline.play();
    GstSample sample = pull(pipeline, out);
    MappedBuffer mapped = sample.map();
    mapped.close();
    mapped.close();
    assertThrows(IllegalStateException.class, mapped::bytes);
    sample.close();
    sample.close();
    assertThrows(IllegalStateException.class, sample::ptsNs);
    pipeline.close();
    pipeline.close();
    assertThrows(IllegalStateException.class, pipeline::check);
  }

  private static GstSample pull(GstPipeline pipeline, AppSink out) throws GstException {
    GstSample sample = out.tryPull(10_000);
    pipeline.check();
    return requireNonNull(sample);
  }
}

package dev.nightfuse.camera.capture;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraOptions;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.testing.TestMedia;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.gst.AppSource;
import dev.nightfuse.gst.FrameCopier;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.gst.GstSample;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of which every sample is known, turned and mirrored by the capture pipelines. */
class OrientationTest {

  /** Which sample of a picture of width w and height h is shown at x, y. */
  private interface From {
    int index(int x, int y, int w, int h);
  }

  private record Way(String options, boolean swapsSides, From from) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("rotate=90", true, (x, y, w, h) -> (h - 1 - x) * w + y),
          new Way("rotate=180", false, (x, y, w, h) -> (h - 1 - y) * w + (w - 1 - x)),
          new Way("rotate=270", true, (x, y, w, h) -> x * w + (w - 1 - y)),
          new Way("flip=horizontal", false, (x, y, w, h) -> y * w + (w - 1 - x)),
          new Way("flip=vertical", false, (x, y, w, h) -> (h - 1 - y) * w + x),
          new Way("rotate=90&flip=horizontal", true, (x, y, w, h) -> x * w + y),
          new Way("rotate=90&flip=vertical", true, (x, y, w, h) -> (h - 1 - x) * w + (w - 1 - y)),
          new Way("rotate=180&flip=horizontal", false, (x, y, w, h) -> (h - 1 - y) * w + x),
          new Way("rotate=180&flip=vertical", false, (x, y, w, h) -> y * w + (w - 1 - x)),
          new Way(
              "rotate=270&flip=horizontal", true, (x, y, w, h) -> (h - 1 - x) * w + (w - 1 - y)),
          new Way("rotate=270&flip=vertical", true, (x, y, w, h) -> x * w + y));

  /** Odd sizes have chroma that is half a sample wider than the picture. */
  @ParameterizedTest
  @CsvSource({
    "VISIBLE,  I420,      I420,       64, 48, I420",
    "VISIBLE,  I420,      I420,       67, 49, I420",
    "VISIBLE,  I420,      NV12,       67, 49, I420",
    "VISIBLE,  GRAY8,     GRAY8,      67, 49, I420",
    "INFRARED, GRAY8,     GRAY8,      67, 49, GRAY8",
    "INFRARED, GRAY16_LE, GRAY16_LE,  64, 48, GRAY16_LE",
    "INFRARED, GRAY16_LE, GRAY16_LE,  67, 49, GRAY16_LE",
    "INFRARED, GRAY16_LE, GRAY16_BE,  67, 49, GRAY16_LE",
    "INFRARED, I420,      I420,       67, 49, GRAY8",
    "INFRARED, I420,      NV12,       67, 49, GRAY8",
    "INFRARED, I420,      Y42B,       67, 49, GRAY8",
    "INFRARED, I420,      YUY2,       66, 49, GRAY8",
  })
  void capture_turnedAndMirrored_movesEverySampleAndChangesNone(
      Modality modality,
      PixelFormat made,
      String captured,
      int width,
      int height,
      PixelFormat delivered)
      throws Exception {
    FrameFormat format = new FrameFormat(made, width, height);
    Frame upright = capture(modality, format, captured, "");
    assertEquals(new FrameFormat(delivered, width, height), upright.format());
    for (Way way : WAYS) {
      Frame shown = capture(modality, format, captured, way.options());
      FrameFormat expected =
          way.swapsSides()
              ? new FrameFormat(delivered, height, width)
              : new FrameFormat(delivered, width, height);
      assertEquals(expected, shown.format(), way.options());
      for (int p = 0; p < delivered.planes(); p++) {
        assertMoved(upright, shown, p, way);
      }
    }
  }

  private static void assertMoved(Frame upright, Frame shown, int p, Way way) {
    int w = upright.format().planeWidth(p);
    int h = upright.format().planeHeight(p);
    int shownWidth = shown.format().planeWidth(p);
    for (int y = 0; y < shown.format().planeHeight(p); y++) {
      for (int x = 0; x < shownWidth; x++) {
        assertEquals(
            sample(upright, p, way.from().index(x, y, w, h)),
            sample(shown, p, y * shownWidth + x),
            "%s, plane %d, at %d, %d".formatted(way.options(), p, x, y));
      }
    }
  }

  private static int sample(Frame frame, int p, int index) {
    ByteBuffer plane = frame.plane(p);
    return frame.format().pixelFormat().bytesPerSample() == 2
        ? plane.getShort(2 * index)
        : plane.get(index);
  }

  @ParameterizedTest
  @CsvSource({
    "VISIBLE,  I420,      rotate=90,  40, 30",
    "INFRARED, GRAY16_LE, rotate=270, 40, 30",
    "INFRARED, GRAY8,     rotate=180, 40, 30"
  })
  void capture_turnedAndScaled_hasTheSizeAsShown(
      Modality modality, PixelFormat pixels, String turn, int width, int height) throws Exception {
    FrameFormat format = new FrameFormat(pixels, 64, 48);
    Frame shown = capture(modality, format, pixels.name(), turn + "&size=" + width + "x" + height);
    assertEquals(new FrameFormat(pixels, width, height), shown.format());
  }

  /** One picture through a capture pipeline, as the options of an address want it. */
  private static Frame capture(
      Modality modality, FrameFormat format, String captured, String options) throws Exception {
    Framing framing = framing(options);
    String tail =
        captured.startsWith("GRAY")
            ? CaptureFormat.still(modality, framing, LiveCapture.SINK_PROPERTIES)
            : CaptureFormat.video(modality, framing, LiveCapture.SINK_PROPERTIES);
    String description =
        ("appsrc name=in format=time caps=\"video/x-raw,format=%s,width=%d,height=%d,framerate=30/1\""
                + " ! videoconvert dither=none ! capsfilter caps=\"video/x-raw,format=%s\" ! %s")
            .formatted(
                AppSource.gstName(format.pixelFormat()),
                format.widthPx(),
                format.heightPx(),
                captured,
                tail);
    Frame frame = requireNonNull(new FramePool(format, 1).tryBorrow());
    TestMedia.fill(frame, 3);
    try (FrameCopier copier = CaptureFormat.copier(modality);
        GstPipeline pipeline = GstRuntime.start().parse(description)) {
      pipeline.play();
      assertTrue(pipeline.source("in").push(frame, 0, 33_000_000));
      try (GstSample sample = pipeline.sink(CaptureFormat.SINK).tryPull(10_000)) {
        pipeline.check();
        Frame out =
            requireNonNull(new FramePool(copier.formatOf(requireNonNull(sample)), 1).tryBorrow());
        copier.copy(sample, out);
        return out;
      }
    }
  }

  private static Framing framing(String options) throws CameraException {
    return new CameraOptions(CameraUri.parse("v4l2:/dev/test?" + options), "size", "rotate", "flip")
        .framing();
  }
}

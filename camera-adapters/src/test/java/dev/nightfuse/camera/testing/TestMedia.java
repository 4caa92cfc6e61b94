package dev.nightfuse.camera.testing;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.gst.AppSource;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Makes recordings whose every sample is known: picture k is {@link #fill}ed with number k. */
public final class TestMedia {

  /** H.264 without loss and with B-frames, in MP4. */
  public static final String H264_MP4 =
      "videoconvert ! x264enc pass=quant quantizer=0 bframes=2 key-int-max=12 speed-preset=veryfast ! h264parse ! mp4mux";

  /** FFV1 in Matroska: without loss, any size, 8 or 16 bits. */
  public static final String FFV1_MKV = "videoconvert ! avenc_ffv1 ! matroskamux";

  /** One PNG file. */
  public static final String PNG = "videoconvert ! pngenc";

  private TestMedia() {}

  /** Writes a recording of {@code pictures} pictures, numbered from {@code firstNumber}. */
  public static void write(
      Path file, String encoder, FrameFormat format, int fps, int firstNumber, int pictures)
      throws GstException {
    String description =
        "appsrc name=in format=time block=true max-buffers=4 caps=\"video/x-raw,format=%s,width=%d,height=%d,"
            + "framerate=%d/1,pixel-aspect-ratio=1/1%s\" ! %s ! filesink name=file";
    String colorimetry = format.pixelFormat().planes() == 3 ? ",colorimetry=bt601" : "";
    FramePool pool = new FramePool(format, 1);
    Frame frame = requireNonNull(pool.tryBorrow());
    try (GstPipeline pipeline =
        GstRuntime.start()
            .parse(
                description.formatted(
                    AppSource.gstName(format.pixelFormat()),
                    format.widthPx(),
                    format.heightPx(),
                    fps,
                    colorimetry,
                    encoder))) {
      pipeline.set("file", "location", file.toString());
      AppSource in = pipeline.source("in");
      pipeline.play();
      for (int k = 0; k < pictures; k++) {
        fill(frame, firstNumber + k);
        assertTrue(in.push(frame, k * 1_000_000_000L / fps, 1_000_000_000L / fps));
      }
      in.endOfStream();
      assertTrue(pipeline.awaitEnd(60_000), "encoder does not finish");
    }
    frame.release();
  }

  /** Every sample differs from its neighbours, from other planes and from other pictures. */
  public static void fill(Frame frame, int number) {
    FrameFormat format = frame.format();
    boolean wide = format.pixelFormat().bytesPerSample() == 2;
    for (int p = 0; p < format.pixelFormat().planes(); p++) {
      ByteBuffer plane = frame.plane(p);
      int width = format.planeWidth(p);
      for (int y = 0; y < format.planeHeight(p); y++) {
        for (int x = 0; x < width; x++) {
          if (wide) {
            plane.putShort(2 * (y * width + x), (short) (x * 517 + y * 311 + number * 4099));
          } else {
            // Within the limited range, so that no conversion may clip it.
            plane.put(y * width + x, (byte) (16 + (x * 3 + y * 5 + number * 7 + p * 40) % 200));
          }
        }
      }
    }
  }

  /** The number {@code frame} was filled with, among {@code 0..limit - 1}; -1 when it is none. */
  public static int numberOf(Frame frame, int limit) {
    Frame expected = requireNonNull(new FramePool(frame.format(), 1).tryBorrow());
    for (int k = 0; k < limit; k++) {
      fill(expected, k);
      if (expected.data().mismatch(frame.data()) < 0) {
        return k;
      }
    }
    return -1;
  }
}

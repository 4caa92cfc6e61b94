package dev.nightfuse.camera.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.testing.ProcessResources;
import dev.nightfuse.camera.testing.RecordingSink;
import dev.nightfuse.camera.testing.RecordingSink.Seen;
import dev.nightfuse.camera.testing.TestMedia;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayFileTest {

  private static final int FPS = 30;

  @TempDir Path folder;

  private final ReplayAdapter adapter = new ReplayAdapter();

  @ParameterizedTest
  @CsvSource({
    "I420, 320, 240, mp4, VISIBLE",
    "I420, 641, 479, mkv, VISIBLE",
    "GRAY8, 161, 121, mkv, INFRARED",
    "GRAY16_LE, 160, 120, mkv, INFRARED",
    "GRAY16_LE, 161, 121, mkv, INFRARED"
  })
  void run_losslessFile_deliversEverySampleInOrderAtItsTime(
      PixelFormat pixels, int width, int height, String container, Modality modality)
      throws Exception {
    FrameFormat format = new FrameFormat(pixels, width, height);
    Path file = record(format, container, 25);
    RecordingSink sink = new RecordingSink(frame -> TestMedia.numberOf(frame, 25));

    // A single frame in the pool: one that is not given back would stop the show.
    adapter.open(settings(file + "", modality, 1)).run(sink, () -> false);

    assertEquals(List.of(format), sink.formats());
    assertEquals(25, sink.count());
    for (int k = 0; k < 25; k++) {
      Seen seen = sink.frames().get(k);
      assertEquals(k, seen.sequence());
      assertEquals(k, seen.content(), "content of picture " + k);
      assertTimeNs(k, seen.captureNs());
    }
    assertEquals(List.of(CameraEvent.END_OF_STREAM), sink.events());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mkv"})
  void run_looped_continuesNumbersAndTimesWithoutGap(String container) throws Exception {
    Path file = record(new FrameFormat(PixelFormat.I420, 64, 48), container, 10);
    RecordingSink sink = new RecordingSink(frame -> TestMedia.numberOf(frame, 10));

    adapter
        .open(settings(file + "?loop=true", Modality.VISIBLE, 2))
        .run(sink, () -> sink.count() >= 35);

    for (int k = 0; k < 35; k++) {
      Seen seen = sink.frames().get(k);
      assertEquals(k, seen.sequence());
      assertEquals(k % 10, seen.content(), "content of picture " + k);
      assertTimeNs(k, seen.captureNs());
    }
    assertEquals(List.of(), sink.events());
  }

  /** Within a millisecond: that is all the resolution Matroska has. */
  @Test
  void run_neitherTimesNorARateInTheFile_followsFps() throws Exception {
    Path file = folder.resolve("raw.mjpeg");
    TestMedia.write(file, "jpegenc", new FrameFormat(PixelFormat.I420, 64, 48), FPS, 0, 4);
    RecordingSink sink = new RecordingSink(frame -> 0);

    adapter.open(settings(file + "?fps=25", Modality.VISIBLE, 1)).run(sink, () -> false);

    assertEquals(
        List.of(0L, 40_000_000L, 80_000_000L, 120_000_000L),
        sink.frames().stream().map(Seen::captureNs).toList());
  }

  private static void assertTimeNs(int picture, long captureNs) {
    assertNear(picture * 1_000_000_000L / FPS, captureNs, 1_000_000);
  }

  private static void assertNear(long expected, long actual, long tolerance) {
    assertTrue(
        Math.abs(actual - expected) <= tolerance,
        "expected %d, was %d".formatted(expected, actual));
  }

  @Test
  void run_looped10000Pictures_doesNotDrift() throws Exception {
    Path file = record(new FrameFormat(PixelFormat.I420, 64, 48), "mp4", 50);
    RecordingSink sink = new RecordingSink(frame -> 0);

    adapter
        .open(settings(file + "?loop=true", Modality.VISIBLE, 2))
        .run(sink, () -> sink.count() >= 10_000);

    // 200 loops: what a loop's length is rounded by must not add up to a picture.
    assertNear(9_999 * 1_000_000_000L / FPS, sink.frames().get(9_999).captureNs(), 1_000_000);
  }

  @Test
  void run_liveFile_keepsItsPaceAndItsTimes() throws Exception {
    Path file = record(new FrameFormat(PixelFormat.I420, 64, 48), "mp4", 12);
    RecordingSink sink = new RecordingSink(frame -> TestMedia.numberOf(frame, 12));

    adapter.open(settings(file + "?rate=source", Modality.VISIBLE, 4)).run(sink, () -> false);

    List<Seen> frames = sink.frames();
    Seen first = frames.get(0);
    for (Seen seen : frames) {
      assertNear(
          first.captureNs() + (seen.sequence() - first.sequence()) * 1_000_000_000L / FPS,
          seen.captureNs(),
          1000);
      assertEquals(seen.sequence(), seen.content());
      assertTrue(seen.arrivalNs() >= seen.captureNs(), "delivered before its time");
    }
    // On a loaded machine some may be late and skipped, but every one is accounted for.
    assertEquals(12, frames.size() + sink.count(CameraEvent.FRAME_LOST));
  }

  @Test
  void run_colourFileAsInfrared_deliversFullRangeLuma() throws Exception {
    Path file = folder.resolve("c.mkv");
    TestMedia.write(file, TestMedia.FFV1_MKV, new FrameFormat(PixelFormat.I420, 64, 48), FPS, 0, 1);
    RecordingSink sink =
        new RecordingSink(
            frame -> {
              int worst = 0;
              for (int y = 0; y < 48; y++) {
                for (int x = 0; x < 64; x++) {
                  int luma = 16 + (x * 3 + y * 5) % 200;
                  int full = Math.round((luma - 16) * 255f / 219f);
                  worst = Math.max(worst, Math.abs(full - (frame.data().get(y * 64 + x) & 0xff)));
                }
              }
              return worst;
            });

    adapter.open(settings(file + "", Modality.INFRARED, 2)).run(sink, () -> false);

    assertEquals(List.of(new FrameFormat(PixelFormat.GRAY8, 64, 48)), sink.formats());
    assertTrue(sink.frames().get(0).content() <= 1, "off by " + sink.frames().get(0).content());
  }

  @ParameterizedTest
  @CsvSource({
    "'video/x-raw,format=I420,colorimetry=(string)1:4:0:0 ! jpegenc quality=100 ! avimux', avi",
    "'video/x-raw,format=I420,colorimetry=bt709 ! avenc_ffv1 ! matroskamux', mkv",
    "'video/x-raw,format=I420,colorimetry=bt601 ! avenc_ffv1 ! matroskamux', mkv",
    "'video/x-raw,format=BGRA ! avenc_ffv1 ! matroskamux', mkv"
  })
  void run_anyColorimetry_becomesLimitedBt601(String encoder, String extension) throws Exception {
    Path file = folder.resolve("red." + extension);
    try (GstPipeline pipeline =
        GstRuntime.start()
            .parse(
                "videotestsrc pattern=red num-buffers=3 ! video/x-raw,format=RGB,width=64,height=64,framerate=30/1"
                    + " ! videoconvert ! %s ! filesink name=file".formatted(encoder))) {
      pipeline.set("file", "location", file.toString());
      pipeline.play();
      assertTrue(pipeline.awaitEnd(30_000));
    }
    RecordingSink sink =
        new RecordingSink(
            frame -> {
              assertEquals(81, frame.plane(0).get(64 * 30 + 30) & 0xff, 2);
              assertEquals(90, frame.plane(1).get(32 * 15 + 15) & 0xff, 2);
              assertEquals(240, frame.plane(2).get(32 * 15 + 15) & 0xff, 2);
              return 0;
            });
    adapter.open(settings(file + "", Modality.VISIBLE, 2)).run(sink, () -> false);
    assertEquals(3, sink.count());
  }

  @Test
  void run_sizeOption_scales() throws Exception {
    Path file = record(new FrameFormat(PixelFormat.I420, 320, 240), "mp4", 3);
    RecordingSink sink = new RecordingSink(frame -> 0);

    adapter.open(settings(file + "?size=161x121", Modality.VISIBLE, 2)).run(sink, () -> false);

    assertEquals(List.of(new FrameFormat(PixelFormat.I420, 161, 121)), sink.formats());
    assertEquals(3, sink.count());
  }

  @Test
  void run_fileWithSound_deliversThePictures() throws Exception {
    Path file = folder.resolve("sound.mkv");
    try (GstPipeline pipeline =
        GstRuntime.start()
            .parse(
                "videotestsrc num-buffers=20 ! video/x-raw,width=64,height=48,framerate=30/1 ! x264enc ! mux."
                    + " audiotestsrc num-buffers=200 ! vorbisenc ! mux."
                    + " matroskamux name=mux ! filesink name=file")) {
      pipeline.set("file", "location", file.toString());
      pipeline.play();
      assertTrue(pipeline.awaitEnd(30_000));
    }
    RecordingSink sink = new RecordingSink(frame -> 0);
    adapter.open(settings(file + "", Modality.VISIBLE, 2)).run(sink, () -> false);
    assertEquals(20, sink.count());
  }

  @Test
  void run_missingFile_namesIt() {
    assertFails(
        folder + "/no such.mp4", "replay:" + folder + "/no such.mp4: no such file or folder");
  }

  @Test
  void run_brokenFile_namesIt() throws Exception {
    Path file = folder.resolve("broken.mp4");
    Files.write(file, new byte[10_000]);
    assertFails(file + "", "replay:" + file + ": ");
  }

  @Test
  void run_textFile_namesIt() throws Exception {
    Path file = folder.resolve("notes.mp4");
    Files.writeString(file, "this is not a video\n".repeat(500));
    assertFails(file + "", "replay:" + file + ": ");
  }

  @Test
  void run_truncatedFile_namesIt() throws Exception {
    Path whole = record(new FrameFormat(PixelFormat.I420, 320, 240), "mp4", 25);
    byte[] bytes = Files.readAllBytes(whole);
    Path file = folder.resolve("truncated.mp4");
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertFails(file + "", "replay:" + file + ": ");
  }

  @Test
  void run_soundOnly_saysThatThereIsNoVideo() throws Exception {
    Path file = folder.resolve("sound.wav");
    try (GstPipeline pipeline =
        GstRuntime.start().parse("audiotestsrc num-buffers=100 ! wavenc ! filesink name=file")) {
      pipeline.set("file", "location", file.toString());
      pipeline.play();
      assertTrue(pipeline.awaitEnd(30_000));
    }
    assertFails(file + "", "replay:" + file + ": ");
  }

  @Test
  void run_200OpenCloseCycles_leaveFilesThreadsAndMemoryFlat() throws Exception {
    Path file = record(new FrameFormat(PixelFormat.I420, 320, 240), "mp4", 25);
    cycle(file, 40);
    long files = ProcessResources.openFiles();
    long threads = ProcessResources.threads();
    long nativeBytes = ProcessResources.nativeBytes();

    cycle(file, 200);

    assertTrue(ProcessResources.openFilesFallTo(files), "open files grow");
    assertTrue(ProcessResources.threads() <= threads + 2, "threads grow");
    // 25 pictures of 115 kB each are decoded a cycle: one forgotten buffer a cycle would be 23 MB.
    long grownBytes = ProcessResources.nativeBytes() - nativeBytes;
    assertTrue(grownBytes < 16 << 20, "native memory grows by " + grownBytes);
  }

  private void cycle(Path file, int times) throws CameraException {
    for (int i = 0; i < times; i++) {
      RecordingSink sink = new RecordingSink(frame -> 0);
      int stopAfter = i % 25;
      adapter
          .open(settings(file + "", Modality.VISIBLE, 4))
          .run(sink, () -> sink.count() >= stopAfter);
    }
  }

  private void assertFails(String uri, String message) {
    RecordingSink sink = new RecordingSink(frame -> 0);
    CameraException e =
        assertThrows(
            CameraException.class,
            () -> adapter.open(settings(uri, Modality.VISIBLE, 2)).run(sink, () -> false));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
    assertTrue(e.getMessage().length() > message.length() - 1, e.getMessage());
    assertEquals(0, sink.count());
  }

  private Path record(FrameFormat format, String container, int pictures)
      throws GstException, IOException {
    Path file = Files.createTempFile(folder, "video", "." + container);
    String encoder = container.equals("mp4") ? TestMedia.H264_MP4 : TestMedia.FFV1_MKV;
    TestMedia.write(file, encoder, format, FPS, 0, pictures);
    return file;
  }

  private static CameraSettings settings(String path, Modality modality, int poolFrames)
      throws CameraException {
    return new CameraSettings(
        "test/" + modality.label(),
        modality,
        CameraUri.parse("replay:" + path),
        Pacing.AS_TAKEN,
        poolFrames,
        FrameClock.system());
  }
}

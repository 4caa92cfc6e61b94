package dev.nightfuse.camera.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.testing.ManualClock;
import dev.nightfuse.camera.testing.ProcessResources;
import dev.nightfuse.camera.testing.RecordingSink;
import dev.nightfuse.camera.testing.RecordingSink.Seen;
import dev.nightfuse.camera.testing.TestMedia;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two recordings of one rig, and what they do to each other. */
class ReplayRigTest {

  private static final FrameFormat FORMAT = new FrameFormat(PixelFormat.GRAY8, 64, 48);
  private static final int FPS = 50;
  private static final long FRAME_NS = 1_000_000_000L / FPS;

  @TempDir Path folder;

  private final ReplayAdapter adapter = new ReplayAdapter();

  @Test
  void rig_liveFilesOfDifferentLengths_stayInStepOverLoops() throws Exception {
    RecordingSink a = sink();
    RecordingSink b = sink();
    BooleanSupplier enough = () -> a.count() >= 60 && b.count() >= 60;
    Path shortFile = record("a.mkv", 10);
    Path longFile = record("b.mkv", 13);
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> play(longFile, Modality.INFRARED, FrameClock.system(), b, enough));
    play(shortFile, Modality.VISIBLE, FrameClock.system(), a, enough);
    other.join();

    Map<Long, Integer> contentAt = new HashMap<>();
    a.frames().forEach(seen -> contentAt.put(seen.captureNs(), seen.content()));
    int together = 0;
    for (Seen seen : b.frames()) {
      assertTrue(seen.content() < 10, "the longer one is cut");
      Integer content = contentAt.get(seen.captureNs());
      if (content != null) {
        together++;
        assertEquals(content, seen.content(), "at " + seen.captureNs());
      }
    }
    // Whatever a busy machine made them skip: most moments are in both.
    assertTrue(together > 30, "only " + together + " common capture times");
  }

  @Test
  void open_asTakenForALiveRig_isRefusedInOneLine() throws Exception {
    CameraUri uri = CameraUri.parse("replay:a.mp4?rate=taken");
    CameraSettings live =
        new CameraSettings(
            "rig/visible", Modality.VISIBLE, uri, Pacing.LIVE, 4, FrameClock.system());
    CameraException e = assertThrows(CameraException.class, () -> adapter.open(live));
    assertEquals(
        "replay:a.mp4: rate=taken; allowed where pictures are shown live is source",
        e.getMessage());
  }

  @Test
  void open_slowOrGappedRecording_mayBeSilentForAMinuteOrThreePeriods() throws Exception {
    assertEquals(60_000, live("replay:video.mkv", FrameClock.system()).silenceMs());
    assertEquals(
        60_000, live("replay:%s?fps=0.5".formatted(folder), FrameClock.system()).silenceMs());
    assertEquals(300_000, live("replay:one.png?fps=0.01", FrameClock.system()).silenceMs());
  }

  private CameraSource live(String uri, FrameClock clock) throws CameraException {
    return adapter.open(
        new CameraSettings(
            "rig/visible", Modality.VISIBLE, CameraUri.parse(uri), Pacing.LIVE, 4, clock));
  }

  @Test
  void rig_asTakenFilesOfDifferentLengths_haveTheSameTimes() throws Exception {
    RecordingSink a = sink();
    RecordingSink b = sink();
    Path shortFile = record("a.mkv", 10);
    Path longFile = record("b.mkv", 13);
    // Opened one after the other, by hand, because as taken nothing keeps them abreast.
    try (ReplayTimeline.Member member = adapter.join("rig/visible", Pacing.AS_TAKEN)) {
      member.begin(0, 10 * FRAME_NS);
      playAsTaken(longFile, Modality.INFRARED, b, 35);
      playAsTaken(shortFile, Modality.VISIBLE, a, 35);
    }
    for (int k = 0; k < 35; k++) {
      assertEquals(k * FRAME_NS, a.frames().get(k).captureNs(), "time of picture " + k);
      assertEquals(a.frames().get(k).captureNs(), b.frames().get(k).captureNs());
      assertEquals(k % 10, a.frames().get(k).content());
      assertEquals(k % 10, b.frames().get(k).content());
    }
  }

  @Test
  void run_clockStandsStill_deliversNothingFurther() throws Exception {
    ManualClock clock = new ManualClock(7_000_000_000L);
    RecordingSink sink = sink();
    Path file = record("a.mkv", 20);
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () -> play(file, Modality.VISIBLE, clock, sink, () -> sink.count() >= 12));
    for (int delivered = 1; delivered < 12; delivered++) {
      await(sink, delivered);
      assertEquals(delivered, sink.count());
      clock.advance(FRAME_NS);
    }
    run.join();
    for (int k = 0; k < 12; k++) {
      Seen seen = sink.frames().get(k);
      assertEquals(k, seen.content());
      assertEquals(k, seen.sequence());
      assertEquals(7_000_000_000L + k * FRAME_NS, seen.captureNs());
      assertEquals(seen.captureNs(), seen.arrivalNs());
    }
  }

  @Test
  void run_clockJumps_skipsCountsAndFallsInStep() throws Exception {
    ManualClock clock = new ManualClock(7_000_000_000L);
    RecordingSink sink = sink();
    Path file = record("a.mkv", 20);
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () -> play(file, Modality.VISIBLE, clock, sink, () -> sink.count() >= 4));
    await(sink, 1);
    // Half a second: read on, up to what is not too late.
    clock.advance(25 * FRAME_NS);
    await(sink, 2);
    // Ten seconds: go there.
    clock.advance(500 * FRAME_NS);
    await(sink, 3);
    clock.advance(50 * FRAME_NS);
    run.join();

    for (Seen seen : sink.frames()) {
      long elapsed = seen.captureNs() - 7_000_000_000L;
      assertEquals(0, elapsed % FRAME_NS, "on the rig's grid");
      assertEquals(elapsed / FRAME_NS % 20, seen.content());
      assertTrue(seen.arrivalNs() - seen.captureNs() <= 100_000_000L, "too late to deliver");
    }
    // Numbers count what was left out, to within the picture that was being waited for.
    Seen last = sink.frames().get(3);
    long elapsed = (last.captureNs() - 7_000_000_000L) / FRAME_NS;
    assertTrue(Math.abs(last.sequence() - elapsed) <= 2, last + " after " + elapsed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a file", "a file that tells no length", "a folder"})
  void run_clockJumpsBeyondTheEndOfTheFirstLoop_theWholeRecordingIsPlayedOnAndOn(String kind)
      throws Exception {
    ManualClock clock = new ManualClock(7_000_000_000L);
    RecordingSink sink = sink();
    // Four seconds, or less than one.
    int fps = kind.equals("a folder") ? FPS : 5;
    long frameNs = 1_000_000_000L / fps;
    Path file = fps == FPS ? folder : folder.resolve("a.mkv");
    if (fps == FPS) {
      for (int i = 0; i < 20; i++) {
        TestMedia.write(folder.resolve(i + ".png"), TestMedia.PNG, FORMAT, 1, i, 1);
      }
    } else {
      String more = kind.contains("no length") ? " streamable=true" : "";
      TestMedia.write(file, TestMedia.FFV1_MKV + more, FORMAT, fps, 0, 20);
    }
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () -> play(file, Modality.VISIBLE, clock, sink, () -> sink.count() >= 40));
    await(sink, 1);
    clock.advance(505 * frameNs);
    for (int delivered = 2; delivered <= 40; delivered++) {
      await(sink, delivered);
      clock.advance(frameNs);
    }
    run.join();

    for (Seen seen : sink.frames()) {
      long elapsed = seen.captureNs() - 7_000_000_000L;
      assertEquals(elapsed / frameNs % 20, seen.content(), () -> sink.frames().toString());
    }
  }

  @Test
  @Timeout(30)
  void run_clockGoesOnInAFilmThatCannotBeSought_readsOnToItsEnd() throws Exception {
    ManualClock clock = new ManualClock(7_000_000_000L);
    RecordingSink sink = new RecordingSink(frame -> 0);
    Path file = folder.resolve("a.mjpg");
    TestMedia.write(file, "videoconvert ! jpegenc ! multipartmux", FORMAT, FPS, 0, 20);
    live("replay:" + file, clock)
        .run(
            sink,
            () -> {
              clock.advance(sink.count() * 2_000_000_000L);
              return false;
            });
    assertEquals(1, sink.count());
    assertEquals(1, sink.count(CameraEvent.END_OF_STREAM));
  }

  /**
   * Two pipelines with appsinks at a time, started and stopped at odd moments, for a few minutes.
   */
  @Test
  @Tag("long")
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void rig_1000Starts_leaveFilesThreadsAndMemoryFlat() throws Exception {
    Path visible = folder.resolve("v.mp4");
    Path infrared = folder.resolve("i.mkv");
    FrameFormat colour = new FrameFormat(PixelFormat.I420, 320, 240);
    TestMedia.write(visible, TestMedia.H264_MP4, colour, FPS, 0, 25);
    TestMedia.write(
        infrared, TestMedia.FFV1_MKV, new FrameFormat(PixelFormat.GRAY16_LE, 320, 240), FPS, 0, 25);
    cycle(visible, infrared, 200);
    long files = ProcessResources.openFiles();
    long threads = ProcessResources.threads();
    long earlierBytes = leastNativeBytes(visible, infrared);
    long laterBytes = leastNativeBytes(visible, infrared);

    assertTrue(ProcessResources.openFilesFallTo(files), "open files grow");
    assertTrue(ProcessResources.threads() <= threads + 2, "threads grow");
    // The allocator's arenas come and go by tens of megabytes; one forgotten buffer per start of
    // one
    // camera would be 46 MB between the two, and never go.
    long grownBytes = laterBytes - earlierBytes;
    assertTrue(grownBytes < 30 << 20, "native memory grows by " + grownBytes);
  }

  private long leastNativeBytes(Path visible, Path infrared) throws Exception {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      cycle(visible, infrared, 100);
      least = Math.min(least, ProcessResources.nativeBytes());
    }
    return least;
  }

  private void cycle(Path visible, Path infrared, int times) {
    for (int i = 0; i < times; i++) {
      int visibleStop = i % 40;
      int infraredStop = (i * 7) % 40;
      RecordingSink a = new RecordingSink(frame -> 0);
      RecordingSink b = new RecordingSink(frame -> 0);
      CompletableFuture<Void> other =
          CompletableFuture.runAsync(
              () -> playAsTaken(infrared, Modality.INFRARED, b, infraredStop));
      playAsTaken(visible, Modality.VISIBLE, a, visibleStop);
      other.join();
    }
  }

  private RecordingSink sink() {
    return new RecordingSink(frame -> TestMedia.numberOf(frame, 20));
  }

  private static void await(RecordingSink sink, int count) throws InterruptedException {
    for (int i = 0; i < 5000 && sink.count() < count; i++) {
      Thread.sleep(2);
    }
    assertTrue(sink.count() >= count, "no picture " + count + " within 10 s");
  }

  private Path record(String name, int pictures) throws Exception {
    Path file = folder.resolve(name);
    TestMedia.write(file, TestMedia.FFV1_MKV, FORMAT, FPS, 0, pictures);
    return file;
  }

  private void playAsTaken(Path file, Modality modality, RecordingSink sink, int count) {
    run(file, modality, Pacing.AS_TAKEN, FrameClock.system(), sink, () -> sink.count() >= count);
  }

  private void play(
      Path file, Modality modality, FrameClock clock, RecordingSink sink, BooleanSupplier enough) {
    run(file, modality, Pacing.LIVE, clock, sink, enough);
  }

  private void run(
      Path file,
      Modality modality,
      Pacing pacing,
      FrameClock clock,
      RecordingSink sink,
      BooleanSupplier enough) {
    try {
      CameraUri uri = CameraUri.parse("replay:" + file + "?loop=true&fps=" + FPS);
      // Both as infrared: grey stays sample for sample what was recorded.
      adapter
          .open(
              new CameraSettings(
                  "rig/" + modality.label(), Modality.INFRARED, uri, pacing, 8, clock))
          .run(sink, enough::getAsBoolean);
    } catch (CameraException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.nightfuse.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.mp4.FileDuration;
import dev.nightfuse.stream.Subscription;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.HandClock;
import dev.nightfuse.testing.Videos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

  @TempDir Path folder;

  private final HandClock clock = new HandClock();
  private final FakeStream stream = new FakeStream(clock);
  private final List<Recorder> recorders = new ArrayList<>();

  @AfterEach
  void close() {
    recorders.forEach(Recorder::close);
    stream.hub.close();
  }

  @Test
  void stop_everythingPublished_isInOneFileNamedByUtcTime() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(60);
    awaitFile();
    stop(recorder);

    Path file = onlyFile();
    // 1,795,001,000 s after 1970.
    assertEquals("2026-11-18T11-23-20Z_fused.mp4", String.valueOf(file.getFileName()));
    assertEquals(folder.resolve("demo"), file.getParent());
    assertEquals(60, pictures(file));
    assertFalse(recorder.status().active());
    assertEquals("", recorder.status().error());
    assertEquals(0, stream.hub.viewers());
  }

  @Test
  void status_whileRecording_namesFileAndSize_andAfterwardsNone() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(60);
    Await.until("bytes", () -> recorder.status().bytes() > 1_000);
    assertTrue(recorder.status().active());
    assertEquals("fused", recorder.status().view());
    assertEquals(onlyFile().toString(), recorder.status().file());
    stop(recorder);
    assertEquals(0, recorder.status().bytes(), "there is no present file any more");
    assertEquals("", recorder.status().file());
  }

  @Test
  void take_segmentTimeOver_nextFileStartsAtKeyFrameAndNothingIsLost() throws Exception {
    Recorder recorder = started(2_500);
    stream.publish(200);
    awaitFile();
    stop(recorder);

    List<Path> files = files();
    // 8 s in files that end at the first key frame after 2.5 s.
    assertEquals(3, files.size());
    assertEquals(List.of(75, 75, 50), files.stream().map(RecorderTest::pictures).toList());
    assertTrue(files.get(1).toString().contains("11-23-23Z"), files.toString());
  }

  @Test
  void flush_recordingGoesOn_atMostHalfASecondIsMissingOnDisk() throws Exception {
    started(60_000);
    stream.publish(100);
    awaitFile();
    Await.until("on disk", () -> picturesOnDisk() >= 100 - 13);
  }

  @Test
  void flush_streamStalls_lastPicturesAreWrittenAnyway() throws Exception {
    started(60_000);
    stream.publish(30);
    awaitFile();
    Await.until(
        "all on disk",
        () -> {
          clock.advanceMs(1_000);
          return picturesOnDisk() == 30;
        });
  }

  @Test
  void take_gapInTime_isAGapInTheFile() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(25);
    stream.skipMs(4_000);
    stream.publish(25);
    awaitFile();
    stop(recorder);
    ExternalProcess.Result probe =
        ExternalProcess.run(
            "ffprobe",
            "-v",
            "warning",
            "-show_entries",
            "format=duration",
            "-of",
            "csv=p=0",
            onlyFile().toString());
    assertEquals(6.0, Double.parseDouble(probe.output()), 0.01);
  }

  @Test
  void take_parametersChange_startsNewFile() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(30);
    stream.change();
    stream.publish(30);
    awaitFile();
    stop(recorder);
    assertEquals(List.of(30, 30), files().stream().map(RecorderTest::pictures).toList());
  }

  @Test
  void start_afterStop_withinTheSameSecond_keepsTheFirstFile() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(10);
    awaitFile();
    stop(recorder);
    stream.skipMs(-400);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    stream.publish(40);
    awaitFile();
    stop(recorder);
    List<Path> files = files();
    assertEquals(2, files.size());
    assertEquals(10, pictures(files.get(0)));
  }

  @Test
  void stop_neverAPicture_leavesNoFile() throws Exception {
    Recorder recorder = started(60_000);
    stop(recorder);
    assertEquals(List.of(), files());
    assertEquals("", recorder.status().error());
  }

  @Test
  void hubCloses_fileIsFinished() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(30);
    Await.until("file is open", () -> !recorder.status().file().isEmpty());
    stream.hub.close();
    Await.until("stopped", () -> !recorder.status().active());
    assertEquals(30, pictures(onlyFile()));
  }

  @Test
  void start_folderCannotBeMade_stopsWithReasonAndCanBeStartedAgain() throws Exception {
    Files.writeString(folder.resolve("demo"), "in the way");
    Recorder recorder = recorder(60_000, 0);
    recorder.start();
    Await.until("stopped", () -> !recorder.status().active());
    assertEquals(folder.resolve("demo") + ": is in the way", recorder.status().error());
    assertEquals(0, stream.hub.viewers());

    Files.delete(folder.resolve("demo"));
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    assertEquals("", recorder.status().error());
  }

  @Test
  void obstacle_nothingInTheWay_isNone_andTheFolderIsThere() {
    assertEquals("", recorder(60_000, 0).obstacle());
    assertTrue(Files.isDirectory(folder.resolve("demo")));
  }

  @Test
  void obstacle_diskFullOrFolderInTheWay_saysSo() throws Exception {
    String full = recorder(60_000, Long.MAX_VALUE).obstacle();
    assertTrue(full.contains("disk is full: "), full);
    Files.delete(folder.resolve("demo"));
    Files.writeString(folder.resolve("demo"), "in the way");
    assertEquals(folder.resolve("demo") + ": is in the way", recorder(60_000, 0).obstacle());
  }

  @Test
  void obstacle_folderReadOnly_saysSo() throws Exception {
    Path locked = Files.createDirectory(folder.resolve("demo"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    Assumptions.assumeFalse(Files.isWritable(locked), "this user may write everywhere");
    assertEquals(locked + ": may not be written", recorder(60_000, 0).obstacle());
  }

  @Test
  void start_folderReadOnly_stopsWithReason() throws Exception {
    Path locked = Files.createDirectory(folder.resolve("demo"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    Assumptions.assumeFalse(Files.isWritable(locked), "this user may write everywhere");
    Recorder recorder = recorder(60_000, 0);
    recorder.start();
    stream.publish(5);
    Await.until("stopped", () -> !recorder.status().active());
    assertTrue(recorder.status().error().endsWith(": may not be written"));
  }

  @Test
  void take_folderVanishes_stopsWithReasonAndNobodyElseNotices() throws Exception {
    Subscription other = stream.hub.subscribe("viewer", 300, () -> {});
    Recorder recorder = recorder(2_500, 0);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 2);
    stream.publish(10);
    awaitFile();
    Files.delete(onlyFile());
    Files.delete(folder.resolve("demo"));
    stream.publish(100);
    Await.until("stopped", () -> !recorder.status().active());
    assertTrue(recorder.status().error().endsWith(": the folder is gone"));
    for (int i = 0; i < 110; i++) {
      assertNotNull(other.poll());
    }
    assertEquals(0, other.dropped());
  }

  @Test
  void take_diskSlowerThanStream_skipsToKeyFrameAndCounts() throws Exception {
    Recorder recorder =
        new Recorder(
            stream.hub, new RecorderSettings(folder, 3_600_000, 100, 0, 8, 0, false), clock);
    recorders.add(recorder);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    // Nothing paces this stream, so the disk cannot keep up with it.
    stream.publish(5_000);
    stream.publish(1);
    Await.until("loss is counted", () -> recorder.status().dropped() > 0);
    stop(recorder);
    assertEquals("", recorder.status().error());
    assertEquals(5_001, pictures(onlyFile()) + recorder.status().dropped());
  }

  @Test
  void start_lastOneIsStillBeingWritten_isRefused() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    Recorder recorder = recorderOn(n -> n >= 2 && !awaited(disk), false);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    stream.publish(30);
    Await.until("a file", () -> !recorder.status().file().isEmpty());
    recorder.stop();
    assertTrue(recorder.status().active());
    assertFalse(recorder.active());
    assertEquals("the last recording is still being written", recorder.obstacle());
    disk.countDown();
    Await.until("its end", () -> !recorder.status().active());
    assertEquals("", recorder.obstacle());
    recorder.start();
    assertTrue(recorder.active());
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void write_memoryRunsOut_stopsWithReasonAndCanBeStartedAgain() throws Exception {
    Recorder recorder =
        recorderOn(
            n -> {
              if (n == 2) {
                throw new OutOfMemoryError("on purpose");
              }
              return false;
            },
            false);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    stream.publish(30);
    Await.until("stopped", () -> !recorder.status().active());
    assertEquals("java.lang.OutOfMemoryError: on purpose", recorder.status().error());
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
  }

  @Test
  void start_diskFull_stopsWithReason() throws Exception {
    Recorder recorder = recorder(60_000, Long.MAX_VALUE);
    recorder.start();
    Await.until("stopped", () -> !recorder.status().active());
    assertTrue(recorder.status().error().contains("disk is full: "), recorder.status().error());
    assertEquals(List.of(), files());
  }

  @Test
  void keepBytes_smallerThanOneFile_onlyTheOneBeingWrittenIsLeft() throws Exception {
    Recorder recorder =
        new Recorder(stream.hub, new RecorderSettings(folder, 2_500, 500, 0, 300, 1, false), clock);
    recorders.add(recorder);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    stream.publish(200);
    RecordingFolder made = recorder.recordings();
    Await.until(
        "the third file alone",
        () -> {
          List<RecordingFolder.Recording> there = made.list();
          return there.size() == 1 && there.get(0).name().contains("11-23-26Z");
        });
    String name = made.list().get(0).name();
    assertThrows(IOException.class, () -> made.delete(name));
    assertThrows(IOException.class, () -> made.keep(name, true));
    assertTrue(made.list().get(0).active());
    stop(recorder);

    assertEquals("", recorder.status().error());
    assertEquals(2, recorder.status().deleted());
    assertEquals(50, pictures(onlyFile()));
    assertFalse(made.list().get(0).active());
    assertTrue(made.delete(name));
  }

  /** A disk that refuses some writes; all of them count. */
  private Recorder recorderOn(IntPredicate refused, boolean deleteWhenFull) {
    AtomicInteger writes = new AtomicInteger();
    Recorder recorder =
        new Recorder(
            stream.hub,
            new RecorderSettings(folder, 60_000, 500, 0, 300, 0, deleteWhenFull),
            clock,
            new Retention(),
            new RecordingFolder(
                folder.resolve("demo"),
                (file, source, position) -> {
                  if (refused.test(writes.incrementAndGet())) {
                    throw new IOException("No space left on device");
                  }
                  return file.write(source, position);
                }),
            RecordingRepair::repair);
    recorders.add(recorder);
    return recorder;
  }

  private Path oldFile(String name) throws IOException {
    Files.createDirectories(folder.resolve("demo"));
    // Of zeros alone it would be taken for what a power cut left.
    return Files.writeString(folder.resolve("demo").resolve(name), "an older recording");
  }

  @Test
  void write_findsNoRoom_oldestGoesAndANewFileBegins() throws Exception {
    Path first = oldFile("2026-11-18T10-00-00Z_fused.mp4");
    Path second = oldFile("2026-11-18T10-01-00Z_fused.mp4");
    // The beginning of the file, a fragment, and then neither the next nor the index.
    Recorder recorder = recorderOn(n -> n == 3 || n == 4, true);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    stream.publish(75);
    Await.until("the second file", () -> recorder.status().file().contains("11-23-21Z"));
    stop(recorder);

    assertEquals("", recorder.status().error());
    assertFalse(Files.exists(first));
    assertTrue(Files.exists(second));
    assertEquals(1, recorder.status().deleted());
    assertEquals(List.of(13, 50), files().stream().skip(1).map(RecorderTest::pictures).toList());
  }

  @Test
  void write_findsNoRoomTwiceOrMayNotDelete_stopsWithReason() throws Exception {
    for (boolean deleting : new boolean[] {true, false}) {
      oldFile("2026-11-18T10-00-00Z_fused.mp4");
      oldFile("2026-11-18T10-01-00Z_fused.mp4");
      Recorder recorder = recorderOn(n -> n >= 3, deleting);
      recorder.start();
      Await.until("subscribed", () -> stream.hub.viewers() == 1);
      stream.publish(75);
      Await.until("stopped", () -> !recorder.status().active());
      assertEquals("No space left on device", recorder.status().error());
      assertEquals(deleting ? 1 : 0, recorder.status().deleted());
    }
  }

  @Test
  void start_secondOfAFileThatIsKept_takesAnotherName() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(10);
    awaitFile();
    stop(recorder);
    String name = String.valueOf(onlyFile().getFileName());
    assertTrue(recorder.recordings().keep(name, true));
    stream.skipMs(-400);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    stream.publish(40);
    Await.until("a file", () -> !recorder.status().file().isEmpty());
    stop(recorder);
    assertEquals(
        List.of(name, name.replace(".mp4", "_2.mp4")),
        recorder.recordings().list().stream().map(RecordingFolder.Recording::name).toList());
  }

  @Test
  void duration_ofFinishedFile_isThatOfItsPictures_andOfATornOneUnknown() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(60);
    awaitFile();
    stop(recorder);
    Path file = onlyFile();
    assertEquals(OptionalLong.of(2_400), FileDuration.ofMs(file));
    byte[] bytes = Files.readAllBytes(file);
    for (int cut = 0; cut < bytes.length; cut += 97) {
      Files.write(file, Arrays.copyOf(bytes, cut));
      assertEquals(OptionalLong.empty(), FileDuration.ofMs(file), "cut at " + cut);
    }
  }

  @Test
  void duration_ofADamagedFile_endsWithAnAnswer() throws Exception {
    Recorder recorder = started(60_000);
    stream.publish(60);
    awaitFile();
    stop(recorder);
    Path file = onlyFile();
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = bytes.clone();
      // The index is at the end, and the fragments it leads to before it.
      for (int j = 0; j < 4; j++) {
        damaged[damaged.length - 1 - random.nextInt(200)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      assertNotNull(FileDuration.ofMs(file));
    }
  }

  @Test
  void start_tornFileOfACrash_isRepairedAndEmptyOneDeleted() throws Exception {
    Recorder first = started(60_000);
    stream.publish(60);
    awaitFile();
    stop(first);
    Path torn = onlyFile();
    byte[] bytes = Files.readAllBytes(torn);
    Files.write(torn, Arrays.copyOf(bytes, bytes.length * 2 / 3));
    Path empty = torn.resolveSibling("2026-11-18T10-00-00Z_fused.mp4");
    Files.write(empty, Arrays.copyOf(bytes, 100));
    Path foreign = Files.writeString(torn.resolveSibling("holiday.mp4"), "not ours");

    started(60_000);

    // The oldest is the last to be looked at.
    Await.until("repaired", () -> !Files.exists(empty));
    assertTrue(Files.exists(foreign));
    int left = pictures(torn);
    assertTrue(left >= 25 && left < 60, "pictures left: " + left);
  }

  @Test
  void start_repairOfOlderFilesTakesLong_recordsMeanwhile() throws Exception {
    CountDownLatch repairing = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    Recorder recorder =
        new Recorder(
            stream.hub,
            RecorderSettings.of(folder, 60_000),
            clock,
            new Retention(),
            new RecordingFolder(folder.resolve("demo")),
            older -> {
              repairing.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted.set(true);
              }
            });
    recorders.add(recorder);
    recorder.start();
    assertTrue(repairing.await(20, TimeUnit.SECONDS));
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    stream.publish(60);
    awaitFile();
    assertTrue(recorder.active());
    assertFalse(interrupted.get());
    stop(recorder);
    assertEquals(60, pictures(onlyFile()));
    assertTrue(interrupted.get(), "it must not be at work when a recording begins again");
  }

  @Test
  void constructor_rigNameIsAPath_isRefused() {
    RecorderSettings settings = RecorderSettings.of(folder, 60_000);
    assertThrows(IllegalArgumentException.class, () -> settings.folder("../etc"));
    assertThrows(IllegalArgumentException.class, () -> settings.folder("a/b"));
    assertThrows(IllegalArgumentException.class, () -> settings.folder(""));
    assertThrows(IllegalArgumentException.class, () -> settings.folder("."));
  }

  private Recorder recorder(long segmentMs, long minFreeBytes) {
    Recorder recorder =
        new Recorder(
            stream.hub,
            new RecorderSettings(folder, segmentMs, 500, minFreeBytes, 300, 0, false),
            clock);
    recorders.add(recorder);
    return recorder;
  }

  private Recorder started(long segmentMs) throws InterruptedException {
    Recorder recorder = recorder(segmentMs, 0);
    recorder.start();
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    return recorder;
  }

  /** The recorder has seen a picture; it reads what is queued when it is stopped. */
  private void awaitFile() throws InterruptedException {
    Await.until("a file", () -> !files().isEmpty());
  }

  /** Decodable pictures while the file is still written, or -1. */
  private int picturesOnDisk() {
    try {
      return pictures(onlyFile());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** A busy machine may need longer than stop waits. */
  private static void stop(Recorder recorder) throws InterruptedException {
    recorder.stop();
    Await.until("stopped", () -> !recorder.status().active());
  }

  private Path onlyFile() {
    List<Path> files = files();
    assertEquals(1, files.size(), files.toString());
    return files.get(0);
  }

  private List<Path> files() {
    Path rig = folder.resolve("demo");
    if (!Files.isDirectory(rig)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(rig)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Pictures that ffprobe decodes; any complaint fails the test. */
  private static int pictures(Path file) {
    try {
      return Videos.frames(file);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

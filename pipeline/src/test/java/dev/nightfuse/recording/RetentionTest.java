package dev.nightfuse.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.testing.TinyH264;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files go to make room, and which stay. Files have 1000 bytes each. */
final class RetentionTest {

  private static final long MIN_FREE = 4_000;
  private static final String OLDEST = "2026-11-18T11-00-00Z_fused.mp4";
  private static final String SECOND = "2026-11-18T11-01-00Z_overlay.mp4";
  private static final String NEWEST = "2026-11-18T11-02-00Z_fused.mp4";

  @TempDir Path directory;

  private Path folder;
  private RecordingFolder recordings;
  private long freeBytes = 1_000_000;

  @BeforeEach
  void fill() throws IOException {
    folder = Files.createDirectory(directory.resolve("demo"));
    recordings = new RecordingFolder(folder);
    // Made in another order: the name tells the age, not the disk.
    for (String name : List.of(SECOND, NEWEST, OLDEST)) {
      file(folder.resolve(name));
    }
  }

  private static void file(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    Files.write(path, new byte[1_000]);
  }

  private Retention.Rig retention(long keepBytes, boolean deleteWhenFull) {
    return rig(
        new Retention(folderAsked -> freeBytes), recordings, settings(keepBytes, deleteWhenFull));
  }

  private RecorderSettings settings(long keepBytes, boolean deleteWhenFull) {
    return new RecorderSettings(directory, 60_000, 500, MIN_FREE, 300, keepBytes, deleteWhenFull);
  }

  private static Retention.Rig rig(
      Retention shared, RecordingFolder folder, RecorderSettings settings) {
    Retention.Rig rig = shared.add(folder, settings);
    rig.look();
    return rig;
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
    }
  }

  @Test
  void makeRoom_withinTheSize_deletesNothing() throws Exception {
    Retention.Rig retention = retention(3_000, false);
    retention.makeRoom(0);
    assertEquals(List.of(OLDEST, SECOND, NEWEST), left());
    assertEquals(0, retention.deleted());
  }

  @Test
  void makeRoom_fileBeingWrittenGrows_oldestGoOneByOne() throws Exception {
    Retention.Rig retention = retention(3_000, false);
    retention.makeRoom(1);
    assertEquals(List.of(SECOND, NEWEST), left());
    retention.makeRoom(1_000);
    assertEquals(List.of(SECOND, NEWEST), left());
    retention.makeRoom(1_001);
    assertEquals(List.of(NEWEST), left());
    retention.makeRoom(50_000);
    assertEquals(List.of(), left());
    assertEquals(3, retention.deleted());
  }

  @Test
  void makeRoom_keptOnes_areNeitherCountedNorDeleted() throws Exception {
    assertTrue(recordings.keep(OLDEST, true));
    Retention.Rig retention = retention(2_000, true);
    retention.makeRoom(0);
    assertEquals(List.of(SECOND, NEWEST, "kept"), left());
    freeBytes = 0;
    retention.makeRoom(5_000);
    assertEquals(List.of("kept"), left());
    assertTrue(Files.exists(folder.resolve("kept").resolve(OLDEST)));
    assertThrows(FileSystemException.class, () -> retention.makeRoom(90_000));
    assertTrue(Files.exists(folder.resolve("kept").resolve(OLDEST)));
  }

  @Test
  void makeRoom_everythingThatIsNotARecordingOfThisRig_stays() throws Exception {
    Path other = directory.resolve("rear").resolve(OLDEST);
    file(other);
    file(folder.resolve("holiday.mp4"));
    file(folder.resolve("2026-99-18T11-00-00Z_fused.mp4"));
    file(folder.resolve("2026-11-18T10-00-00Z_fused.mp4.part"));
    file(folder.resolve("pairs").resolve("2026-11-18T10-00-00Z_fused.mp4"));
    Files.createDirectory(folder.resolve("2026-11-18T10-01-00Z_fused.mp4"));
    Files.createSymbolicLink(folder.resolve("2026-11-18T10-02-00Z_fused.mp4"), other);
    int before = left().size();
    freeBytes = 0;
    Retention.Rig retention = retention(1, true);
    retention.makeRoom(1_000_000);
    assertEquals(before - 3, left().size(), left().toString());
    assertTrue(Files.exists(other));
    assertTrue(Files.exists(folder.resolve("pairs").resolve("2026-11-18T10-00-00Z_fused.mp4")));
  }

  @Test
  void makeRoom_fileThatCannotBeDeleted_isPassedOver_andTriedAtTheNextLook() throws Exception {
    Retention.Rig retention = retention(2_000, false);
    // No file is deleted where there is a folder with something in it.
    Files.delete(folder.resolve(OLDEST));
    file(folder.resolve(OLDEST).resolve("something"));
    retention.makeRoom(1_000);
    assertEquals(List.of(OLDEST, NEWEST), left());
    assertEquals(1, retention.deleted());

    Files.delete(folder.resolve(OLDEST).resolve("something"));
    Files.delete(folder.resolve(OLDEST));
    file(folder.resolve(OLDEST));
    retention.look();
    retention.makeRoom(1_000);
    assertEquals(List.of(NEWEST), left());
  }

  @Test
  void makeRoom_deletedOrKeptMeanwhile_isNoTrouble() throws Exception {
    Retention.Rig retention = retention(1, false);
    assertTrue(recordings.keep(OLDEST, true));
    assertTrue(recordings.delete(SECOND));
    retention.makeRoom(0);
    assertEquals(List.of("kept"), left());
    assertTrue(Files.exists(folder.resolve("kept").resolve(OLDEST)));
    assertEquals(1, retention.deleted());
  }

  @Test
  void makeRoom_diskFull_stopsUnlessItWasAllowedToDelete() throws Exception {
    freeBytes = MIN_FREE - 1;
    Retention.Rig stopping = retention(0, false);
    FileSystemException full = assertThrows(FileSystemException.class, () -> stopping.makeRoom(0));
    assertTrue(String.valueOf(full.getMessage()).contains("disk is full: "), full.getMessage());
    assertThrows(FileSystemException.class, stopping::check);
    assertEquals(List.of(OLDEST, SECOND, NEWEST), left());

    for (Retention.Rig deleting : List.of(retention(0, true), retention(1_000_000, false))) {
      int before = left().size();
      deleting.check();
      assertEquals(before, left().size());
      deleting.makeRoom(0);
      assertEquals(before - 1, left().size());
    }
    assertEquals(List.of(NEWEST), left());
  }

  @Test
  void makeRoom_diskFullAndNothingLeft_stops() throws Exception {
    freeBytes = 0;
    Retention.Rig retention = retention(0, true);
    retention.makeRoom(0);
    assertEquals(List.of(), left());
    assertThrows(FileSystemException.class, () -> retention.makeRoom(0));
    assertThrows(FileSystemException.class, retention::check);
  }

  @Test
  void makeRoom_diskFreesLate_deletesNoMoreThanIsWrittenMeanwhile() throws Exception {
    freeBytes = MIN_FREE - 100;
    Retention.Rig retention = retention(0, true);
    retention.makeRoom(10);
    assertEquals(List.of(SECOND, NEWEST), left());
    // The disk shows the write and not yet what was deleted.
    freeBytes = MIN_FREE - 500;
    retention.makeRoom(410);
    assertEquals(List.of(SECOND, NEWEST), left());
    freeBytes = MIN_FREE - 900;
    retention.makeRoom(810);
    assertEquals(List.of(NEWEST), left());
    // Now it shows all. From here on what it says counts.
    freeBytes = MIN_FREE + 100;
    retention.makeRoom(810);
    freeBytes = MIN_FREE - 1;
    retention.makeRoom(911);
    assertEquals(List.of(), left());
  }

  @Test
  void makeRoom_clockWasSetBack_whatThisProgramWroteIsTheNewest() throws Exception {
    TinyH264 source = new TinyH264(64, 48, 25);
    AccessUnit picture = new AccessUnit(source.unit(0, 25, 0).payload(), true, 0, 0, 0, 0);
    SegmentFile segment = recordings.begin("fused", source.info(), picture);
    segment.append(List.of(picture), 40_000_000);
    segment.finish();
    recordings.finished();
    String name = String.valueOf(segment.path().getFileName());
    assertTrue(name.compareTo(OLDEST) < 0, name);

    freeBytes = MIN_FREE - 2_001;
    retention(0, true).makeRoom(0);
    assertEquals(List.of(name), left());
  }

  @Test
  void makeRoom_fullWithNothingLeft_goesOnUntilTheReserveIsLow() throws Exception {
    for (String name : List.of(OLDEST, SECOND, NEWEST)) {
      assertTrue(recordings.keep(name, true));
    }
    freeBytes = MIN_FREE / 4;
    Retention.Rig retention = retention(0, true);
    retention.makeRoom(0);
    retention.check();
    freeBytes--;
    assertThrows(FileSystemException.class, () -> retention.makeRoom(0));
    assertThrows(FileSystemException.class, retention::check);
  }

  @Test
  void makeRoom_finishedSinceTheLook_isFoundBeforeGivingUp() throws Exception {
    Retention.Rig retention = retention(0, true);
    freeBytes = 0;
    retention.makeRoom(0);
    assertEquals(List.of(), left());
    file(folder.resolve(NEWEST));
    retention.makeRoom(0);
    assertEquals(List.of(), left());
    assertEquals(4, retention.deleted());
  }

  @Test
  void makeRoom_freeSpaceUnknown_deletesNothing() throws Exception {
    Retention.Rig retention =
        rig(
            new Retention(
                asked -> {
                  throw new IOException("not known");
                }),
            recordings,
            settings(1, true));
    assertThrows(IOException.class, () -> retention.makeRoom(0));
    assertThrows(IOException.class, retention::check);
    assertEquals(List.of(OLDEST, SECOND, NEWEST), left());
  }

  @Test
  void makeAnyRoom_deletesTheOldest_whereItMay() throws Exception {
    assertFalse(retention(0, false).makeAnyRoom());
    Retention.Rig retention = retention(0, true);
    assertTrue(retention.makeAnyRoom());
    assertEquals(List.of(SECOND, NEWEST), left());
    assertTrue(retention.makeAnyRoom());
    assertTrue(retention.makeAnyRoom());
    assertFalse(retention.makeAnyRoom());
  }

  @Test
  void makeRoom_rigsOnOneDisk_loseTheOldestOfAll_whoeverWrites() throws Exception {
    Path rear = directory.resolve("rear");
    for (String minute : List.of("00-30", "01-30", "02-30", "03-30")) {
      file(rear.resolve("2026-11-18T11-" + minute + "Z_fused.mp4"));
    }
    Path side = directory.resolve("side");
    file(side.resolve("2026-11-18T10-00-00Z_fused.mp4"));
    Retention shared = new Retention(asked -> freeBytes);
    Retention.Rig demoRig = rig(shared, recordings, settings(0, true));
    Retention.Rig rearRig = rig(shared, new RecordingFolder(rear), settings(0, true));
    Retention.Rig sideRig = rig(shared, new RecordingFolder(side), settings(0, false));
    // The first look was before the others came.
    demoRig.look();
    freeBytes = MIN_FREE - 1;
    for (int i = 0; i < 2; i++) {
      demoRig.makeRoom(0);
      // Seen as free only now.
      freeBytes = MIN_FREE;
      demoRig.makeRoom(0);
      freeBytes = MIN_FREE - 1;
    }
    rearRig.makeRoom(0);
    assertEquals(List.of(NEWEST), left());
    assertEquals(2, demoRig.deleted());
    assertEquals(1, rearRig.deleted());

    // What one has deleted another waits for.
    demoRig.makeRoom(0);
    assertEquals(List.of(NEWEST), left());
    // One without anything of its own lives on the others.
    assertThrows(FileSystemException.class, () -> sideRig.makeRoom(0));
    freeBytes = 0;
    demoRig.makeRoom(0);
    assertEquals(List.of(), left());
    file(rear.resolve("2026-11-18T11-04-30Z_fused.mp4"));
    demoRig.check();
    demoRig.makeRoom(0);
    assertThrows(FileSystemException.class, demoRig::check);
    assertThrows(FileSystemException.class, () -> demoRig.makeRoom(0));
    // Who stops when the disk is full loses nothing.
    assertTrue(Files.exists(side.resolve("2026-11-18T10-00-00Z_fused.mp4")));
  }

  @Test
  void makeRoom_rigWhoseFolderIsOnAnotherDisk_isLeftAlone() throws Exception {
    Path memory = Path.of("/dev/shm");
    Assumptions.assumeTrue(
        Files.isWritable(memory)
            && !Files.getAttribute(memory, "unix:dev")
                .equals(Files.getAttribute(directory, "unix:dev")),
        "no second disk");
    Path elsewhere = Files.createTempDirectory(memory, "nightfuse");
    Path other = elsewhere.resolve("2026-11-18T10-00-00Z_fused.mp4");
    try {
      file(other);
      Path link = Files.createSymbolicLink(directory.resolve("rear"), elsewhere);
      Retention shared = new Retention(asked -> freeBytes);
      Retention.Rig demoRig = rig(shared, recordings, settings(0, true));
      Retention.Rig rearRig = rig(shared, new RecordingFolder(link), settings(0, true));
      freeBytes = 0;
      demoRig.makeRoom(0);
      assertEquals(List.of(), left());
      assertThrows(FileSystemException.class, () -> demoRig.makeRoom(0));
      assertTrue(Files.exists(other));
      rearRig.makeRoom(0);
      assertFalse(Files.exists(other));
    } finally {
      Files.deleteIfExists(other);
      Files.delete(elsewhere);
    }
  }
}

package dev.nightfuse.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordingFolderTest {

  private static final String NAME = "2026-11-18T11-23-20Z_side-by-side.mp4";
  private static final String LATER = "2026-11-18T11-23-20Z_side-by-side_2.mp4";

  @TempDir Path directory;

  private RecordingFolder folder() {
    return new RecordingFolder(directory.resolve("demo"));
  }

  private Path file(String name) throws IOException {
    Path path = directory.resolve("demo").resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "video");
  }

  @Test
  void list_noFolder_isEmpty() throws Exception {
    assertEquals(List.of(), folder().list());
    assertNull(folder().find(NAME));
    assertFalse(folder().delete(NAME));
    assertFalse(folder().keep(NAME, true));
  }

  @Test
  void freeBytes_noFolderYet_areThoseOfWhereItWillBe() {
    assertTrue(new RecordingFolder(directory.resolve("not/yet/demo")).freeBytes() > 0);
  }

  @Test
  void knownFreeBytes_noFolder_isAnErrorAndNotAFullDisk() throws Exception {
    assertThrows(NoSuchFileException.class, folder()::knownFreeBytes);
    file(NAME);
    assertTrue(folder().knownFreeBytes() > 0);
    // A disk of no size tells nothing.
    assertThrows(FileSystemException.class, new RecordingFolder(Path.of("/proc"))::knownFreeBytes);
  }

  @Test
  void list_keptAndOthers_areInOneOrder() throws Exception {
    Path later = file(LATER);
    Path first = file("kept/" + NAME);
    assertEquals(
        List.of(
            new RecordingFolder.Recording(
                first,
                Instant.parse("2026-11-18T11:23:20Z"),
                "side-by-side",
                5,
                true,
                false,
                Long.MIN_VALUE),
            new RecordingFolder.Recording(
                later,
                Instant.parse("2026-11-18T11:23:20Z"),
                "side-by-side",
                5,
                false,
                false,
                Long.MIN_VALUE)),
        folder().list());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "holiday.mp4",
        "../demo/" + NAME,
        "kept/" + NAME,
        "/etc/passwd",
        NAME + "/",
        NAME + "\n",
        "\0" + NAME,
        "2026-11-18T11-23-20Z_../../x.mp4",
        "2026-11-18T11-23-20Z_accident.mp4",
        "2026-99-18T11-23-20Z_fused.mp4"
      })
  void find_otherNames_areNotThere(String name) throws Exception {
    file(NAME);
    file("kept/" + NAME);
    file("holiday.mp4");
    file("2026-99-18T11-23-20Z_fused.mp4");
    file("2026-11-18T11-23-20Z_accident.mp4");
    assertNull(folder().find(name));
    assertFalse(folder().delete(name));
    assertFalse(folder().keep(name, true));
    assertNotNull(folder().find(NAME));
  }

  @Test
  void find_linkOrFolder_isNotThere() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    Files.createDirectories(directory.resolve("demo"));
    Files.createSymbolicLink(directory.resolve("demo").resolve(NAME), secret);
    Files.createDirectory(directory.resolve("demo").resolve(LATER));
    for (String name : List.of(NAME, LATER)) {
      assertNull(folder().find(name));
      assertFalse(folder().delete(name));
    }
    assertEquals(List.of(), folder().list());
  }

  @Test
  void kept_aLinkToAnotherPlace_isNotFollowed() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve(LATER), "video");
    Path mine = file(NAME);
    Files.createSymbolicLink(directory.resolve("demo").resolve("kept"), other);
    assertNull(folder().find(LATER));
    assertEquals(1, folder().list().size());
    assertThrows(FileAlreadyExistsException.class, () -> folder().keep(NAME, true));
    assertTrue(Files.exists(mine));
  }

  @Test
  void keep_andBack_movesTheFile() throws Exception {
    Path plain = file(NAME);
    Path kept = directory.resolve("demo").resolve("kept").resolve(NAME);
    for (int i = 0; i < 2; i++) {
      assertTrue(folder().keep(NAME, true));
      assertTrue(Files.exists(kept) && !Files.exists(plain));
    }
    assertNotNull(folder().find(NAME));
    assertTrue(folder().keep(NAME, false));
    assertTrue(Files.exists(plain) && !Files.exists(kept));
    assertTrue(folder().keep(NAME, true));
    assertTrue(folder().delete(NAME));
    assertEquals(List.of(), folder().list());
  }

  @Test
  void name_bothPlainAndKept_isTheKeptOneEverywhere_andNeitherIsLost() throws Exception {
    Path plain = file(NAME);
    Path kept = file("kept/" + NAME);
    Files.writeString(kept, "another");
    RecordingFolder.Recording found = folder().find(NAME);
    assertNotNull(found);
    assertEquals(kept, found.path());
    assertEquals(List.of(found), folder().list());
    assertTrue(folder().keep(NAME, true));
    assertThrows(FileAlreadyExistsException.class, () -> folder().keep(NAME, false));
    assertEquals("another", Files.readString(kept));
    assertEquals("video", Files.readString(plain));
    assertTrue(folder().delete(NAME));
    assertEquals(List.of(plain), folder().list().stream().map(r -> r.path()).toList());
  }

  @Test
  void kept_thatMayNotBeRead_leavesTheOthers() throws Exception {
    Path plain = file(NAME);
    Path kept = file("kept/" + LATER).getParent();
    Files.setPosixFilePermissions(kept, Set.of());
    try {
      Assumptions.assumeFalse(Files.isReadable(kept), "this user may read everything");
      assertEquals(List.of(plain), folder().list().stream().map(r -> r.path()).toList());
      assertNotNull(folder().find(NAME));
      assertNull(folder().find(LATER));
    } finally {
      Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}

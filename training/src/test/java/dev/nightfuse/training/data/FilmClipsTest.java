package dev.nightfuse.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilmClipsTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  @TempDir private Path folder;

  /** Frames whose pixels tell where they are; the second of each two is ten levels brighter. */
  private void film(int frames) throws IOException {
    film("drive_", frames);
  }

  private void film(String prefix, int frames) throws IOException {
    for (int f = 0; f < frames; f++) {
      int brighter = 50 * (f / 2) + 10 * (f % 2);
      String name = prefix + "%03d.png".formatted(f);
      TestFolders.grey(
          folder.resolve("visible").resolve(name), WIDTH, HEIGHT, (x, y) -> x + brighter);
      TestFolders.grey(
          folder.resolve("infrared").resolve(name), WIDTH, HEIGHT, (x, y) -> y + brighter);
    }
  }

  @Test
  void clip_anySeed_givesTheSamePartOfTwoFramesThatFollowEachOther() throws Exception {
    film(6);
    FilmClips clips = new FilmClips(List.of(folder), SceneSplit.FIRST, 32, 1 << 20);
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 40; seed++) {
      FilmClips.Clip clip = clips.clip(seed);
      assertEquals(32, clip.after().widthPx());
      for (int i = 0; i < 32 * 32; i++) {
        assertEquals(10, (byte) (clip.after().visibleRgb()[i] - clip.before().visibleRgb()[i]));
        assertEquals(10, (byte) (clip.after().infrared()[i] - clip.before().infrared()[i]));
      }
      seen.add(clip.before().name());
      assertArrayEquals(clip.after().infrared(), clips.clip(seed).after().infrared());
    }
    assertEquals(Set.of("drive_000", "drive_002", "drive_004"), seen);
  }

  @Test
  void clip_ofAFilmThatIsHeldOut_neverComes() throws Exception {
    film("0113_1714-", 4);
    DataException refused =
        assertThrows(
            DataException.class,
            () -> new FilmClips(List.of(folder), SceneSplit.FIRST, 32, 1 << 20));
    assertTrue(String.valueOf(refused.getMessage()).contains("all of its 4 pairs are held out"));
    film("0111_1716-", 4);
    FilmClips clips = new FilmClips(List.of(folder), SceneSplit.FIRST, 32, 1 << 20);
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 40; seed++) {
      seen.add(clips.clip(seed).before().name());
    }
    assertEquals(Set.of("0111_1716-000", "0111_1716-002"), seen);
  }

  @Test
  void clip_ofAFrameWithABoxAndOneWithout_isCutAlike() throws Exception {
    film(2);
    Path boxes = Files.createDirectories(folder.resolve("boxes"));
    Files.writeString(boxes.resolve("classes.txt"), "person\n");
    Files.writeString(boxes.resolve("drive_000.txt"), "0 0.5 0.5 0.2 0.2\n");
    FilmClips clips = new FilmClips(List.of(folder), SceneSplit.FIRST, 32, 1 << 20);
    for (int seed = 0; seed < 20; seed++) {
      FilmClips.Clip clip = clips.clip(seed);
      for (int i = 0; i < 32 * 32; i++) {
        assertEquals(10, (byte) (clip.after().infrared()[i] - clip.before().infrared()[i]));
        assertEquals(10, (byte) (clip.after().visibleRgb()[i] - clip.before().visibleRgb()[i]));
      }
    }
  }

  @Test
  void open_oddNumberOfFrames_isExplained() throws Exception {
    film(3);
    DataException refused =
        assertThrows(
            DataException.class,
            () -> new FilmClips(List.of(folder), SceneSplit.FIRST, 32, 1 << 20));
    assertTrue(String.valueOf(refused.getMessage()).contains("holds 3 pairs"), refused.toString());
  }
}

package dev.nightfuse.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
    for (int f = 0; f < frames; f++) {
      int brighter = 50 * (f / 2) + 10 * (f % 2);
      String name = "drive_%03d.png".formatted(f);
      TestFolders.grey(
          folder.resolve("visible").resolve(name), WIDTH, HEIGHT, (x, y) -> x + brighter);
      TestFolders.grey(
          folder.resolve("infrared").resolve(name), WIDTH, HEIGHT, (x, y) -> y + brighter);
    }
  }

  @Test
  void clip_anySeed_givesTheSamePartOfTwoFramesThatFollowEachOther() throws Exception {
    film(6);
    FilmClips clips = new FilmClips(List.of(folder), 32, 1 << 20);
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
  void open_oddNumberOfFrames_isExplained() throws Exception {
    film(3);
    DataException refused =
        assertThrows(DataException.class, () -> new FilmClips(List.of(folder), 32, 1 << 20));
    assertTrue(String.valueOf(refused.getMessage()).contains("holds 3 pairs"), refused.toString());
  }
}

package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightfuse.training.settings.TrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file may say otherwise when a run goes on. */
final class LearntWithTest {

  private static final String RUN =
      """
      name: tiny
      recipe: nightnet-s
      log-every: 5
      data: {a: {folder: x}, b: {folder: y}}
      nightnet: {films: [f, g]}
      stages:
        one: {steps: 10}
        two: {steps: 20, batch: 4}
      """;

  @TempDir private Path folder;

  private LearntWith with(String text, int stage, long step) throws Exception {
    Path file = folder.resolve("run.yaml");
    write(file, text);
    return LearntWith.until(TrainConfig.read(file), stage, step);
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  private void assertSame(String before, String now, int stage, long step) throws Exception {
    assertEquals(with(RUN, stage, step), with(RUN.replace(before, now), stage, step), now);
  }

  private void assertOther(String before, String now, int stage, long step) throws Exception {
    assertNotEquals(with(RUN, stage, step), with(RUN.replace(before, now), stage, step), now);
  }

  @Test
  void whatHasNoEffectOnWhatWasLearnt_mayChange() throws Exception {
    assertSame("log-every: 5", "log-every: 9", 1, 3);
    assertSame("name: tiny", "name: other", 1, 3);
    assertSame("steps: 20", "steps: 30", 1, 3);
    assertSame("batch: 4", "batch: 8", 1, 0);
    assertSame("two: {", "more: {", 1, 0);
  }

  @Test
  void whatWasLearntWith_mayNot() throws Exception {
    assertOther("steps: 10", "steps: 11", 1, 3);
    assertOther("steps: 20", "steps: 30", 2, 0);
    assertOther("batch: 4", "batch: 8", 1, 3);
    assertOther("nightnet-s", "nightnet-m", 0, 3);
    assertOther("[f, g]", "[f]", 0, 3);
    assertOther("a: {folder: x}, b: {folder: y}", "b: {folder: y}, a: {folder: x}", 0, 3);
  }

  @Test
  void whatDiffers_isNamedWithWhatToDo() throws Exception {
    LearntWith before = with(RUN, 1, 3);
    LearntWith now = with(RUN.replace("batch: 4", "batch: 8"), 1, 3);
    assertEquals(
        "c was learnt with stages.two.batch: 4, the file says 8; change it back, name another folder"
            + " with --out, or begin anew with --restart",
        assertThrows(TrainException.class, () -> before.requireSame(now, Path.of("c")))
            .getMessage());
    before.requireSame(before, Path.of("c"));
    new LearntWith(Map.of()).requireSame(now, Path.of("c"));
  }
}

package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.training.data.SceneSplit;
import dev.nightfuse.training.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys of a run's file. */
final class TrainConfigTest {

  @TempDir private Path folder;

  private TrainConfig read(String more) throws IOException, SettingsException {
    Path file = folder.resolve("run.yaml");
    Files.writeString(
        file,
        """
        name: tiny
        recipe: nightnet-s
        batch: 4
        data: {pairs: {folder: none}}
        stages: {learn: {steps: 1}}
        """
            + more);
    return TrainConfig.read(file);
  }

  @Test
  void shares_notGiven_are0() throws Exception {
    TrainConfig config = read("");
    assertEquals(0, config.augmentation().focus());
    assertEquals(0, config.augmentation().night());
    assertEquals(0, config.paste());
  }

  @Test
  void shares_given_areRead() throws Exception {
    TrainConfig config =
        read("focus: 0.5\nnight: 0.25\npaste: 0.75\nnightnet: {fusion-pairs: 3}\n");
    assertEquals(0.5, config.augmentation().focus());
    assertEquals(0.25, config.augmentation().night());
    assertEquals(0.75, config.paste());
  }

  @Test
  void shares_wrong_areToldWithWhatIsAllowed() {
    assertTold("night: 2\n", "run.yaml:6: night: 2 is not a number from 0 to 1");
    assertTold("paste: -1\n", "run.yaml:6: paste: -1 is not a number from 0 to 1");
    assertTold(
        "paste: 0.5\nnightnet: {fusion-pairs: 4}\n",
        "run.yaml:6: paste: leaves pairs that teach fusion alone");
  }

  @Test
  void heldOut_isTheFirstFoldUnlessTheSecondIsAskedFor() throws Exception {
    assertEquals(SceneSplit.FIRST, read("").heldOut());
    assertEquals(SceneSplit.SECOND, read("held-out: second\n").heldOut());
    assertTold("held-out: third\n", "held-out: third is not allowed, must be one of first, second");
  }

  private void assertTold(String text, String message) {
    String found = assertThrows(SettingsException.class, () -> read(text)).getMessage();
    assertTrue(found.contains(message), found);
  }
}

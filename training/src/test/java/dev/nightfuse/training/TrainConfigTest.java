package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.training.data.Augmentation;
import dev.nightfuse.training.data.SceneSplit;
import dev.nightfuse.training.settings.SettingsException;
import dev.nightfuse.training.stage.Emphasis;
import dev.nightfuse.training.stage.NightNetSettings;
import dev.nightfuse.training.torch.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of a run's file. */
final class TrainConfigTest {

  @TempDir private Path folder;

  private TrainConfig read(String more) throws IOException, SettingsException {
    return read(more, "{learn: {steps: 1}}");
  }

  private TrainConfig read(String more, String stages) throws IOException, SettingsException {
    Path file = folder.resolve("run.yaml");
    Files.writeString(
        file,
        """
        name: tiny
        recipe: nightnet-s
        batch: 4
        data: {pairs: {folder: none}}
        stages: %s
        """
                .formatted(stages)
            + more);
    return TrainConfig.read(file);
  }

  @Test
  void focus_isAShareAnd0UnlessGiven() throws Exception {
    assertEquals(0, read("").augmentation().focus());
    assertEquals(0.5, read("focus: 0.5\n").augmentation().focus());
    assertTold("focus: 2\n", "run.yaml:6: focus: 2 is not a number from 0 to 1");
  }

  @Test
  void emphasis_isOfOneDataSetAndOfNightNet() throws Exception {
    String sets = "data: {a: {folder: x}, b: {folder: y, emphasis: {edges: 3}}}\n";
    String stages = "stages: {learn: {steps: 1}}\n";
    Path file = folder.resolve("run.yaml");
    Files.writeString(file, "name: tiny\nrecipe: nightnet-m\n" + sets + stages);
    assertEquals(
        List.of(new Emphasis(Map.of()), new Emphasis(Map.of("edges", 3.0))),
        TrainConfig.read(file).data().stream().map(TrainConfig.Data::emphasis).toList());

    Files.writeString(file, "name: tiny\nrecipe: maefuse\n" + sets + stages);
    assertEquals(
        file + ":3: data.b.emphasis: is for the recipes of NightNet only",
        assertThrows(SettingsException.class, () -> TrainConfig.read(file)).getMessage());
    Files.writeString(
        file,
        "name: tiny\nrecipe: nightnet-m\n" + sets.replace("edges: 3", "intensity: 3") + stages);
    assertEquals(
        file
            + ":3: data.b.emphasis.intensity: unknown key; allowed are similarity, fidelity, edges,"
            + " differences, correlation, shades",
        assertThrows(SettingsException.class, () -> TrainConfig.read(file)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"mafs, MAFS, maefuse", "maefuse, MaeFuse, mafs-stage1", "mafs, MAFS, nightnet-s"})
  void sectionOfANetwork_inAnotherRecipe_isRefused(String section, String network, String recipe)
      throws Exception {
    Path file = folder.resolve("run.yaml");
    Files.writeString(
        file,
        "name: tiny\nrecipe: %s\ndata: {a: {folder: x}}\nstages: {s: {steps: 1}}\n%s: {}\n"
            .formatted(recipe, section));
    assertEquals(
        "%s:5: %s: is for the recipes of %s only".formatted(file, section, network),
        assertThrows(SettingsException.class, () -> TrainConfig.read(file)).getMessage());
  }

  @Test
  void keysOfNightNet_inAnotherRecipe_areRefused() throws Exception {
    Path file = folder.resolve("run.yaml");
    Files.writeString(
        file,
        """
        name: tiny
        recipe: maefuse
        data: {a: {folder: x}}
        stages: {cfm-align: {learns: head, loss: {edges: 1}, nightnet: {noise: 1}}}
        loss: {edges: 2}
        nightnet: {noise: 2}
        """);
    String only = ": is for the recipes of NightNet only";
    String stage = file + ":4: stages.cfm-align.";
    assertEquals(
        List.of(
            file + ":5: loss" + only,
            file + ":6: nightnet" + only,
            stage + "learns" + only,
            stage + "loss" + only,
            stage + "nightnet" + only),
        assertThrows(SettingsException.class, () -> TrainConfig.read(file))
            .getMessage()
            .lines()
            .toList());
  }

  @Test
  void loss_ofAnUnknownTerm_isToldWithWhatIsAllowed() throws Exception {
    assertEquals(Map.of("edges", 3.0), read("loss: {edges: 3}\n").stages().get(0).loss());
    assertTold(
        "loss: {edge: 3}\n",
        "run.yaml:6: loss.edge: unknown key; allowed are intensity, gradient, similarity, fidelity,"
            + " edges, differences, correlation, shades, classes, overlap, hard, distillation,"
            + " restoration, stability, imitation");
    String found =
        assertThrows(SettingsException.class, () -> read("", "{a: {loss: {edge: 3}}}"))
            .getMessage();
    assertTrue(found.contains("stages.a.loss.edge: unknown key"), found);
  }

  @Test
  void augmentation_ofAStage_isTheRunsUnlessItHasItsOwn() throws Exception {
    TrainConfig config =
        read(
            "augmentation: light\nfocus: 0.5\ncrop-px: 96\n",
            "{a: {}, b: {augmentation: crop}, c: {augmentation: crop, focus: 0, crop-px: 64}}");
    assertEquals(
        List.of(
            config.augmentation(),
            Augmentation.cropOnly(96, 96).withFocus(0.5),
            Augmentation.cropOnly(64, 64)),
        config.stages().stream().map(TrainConfig.StageConfig::augmentation).toList());
  }

  @Test
  void weights_ofAStage_areTheDataSetsUnlessItHasItsOwn() throws Exception {
    String run =
        "name: tiny\nrecipe: nightnet-s\ndata: {a: {folder: x, weight: 5}, b: {folder: y, weight: 0}}\n";
    Path file = folder.resolve("run.yaml");
    Files.writeString(file, run + "stages: {first: {}, last: {weights: {b: 3}}}\n");
    assertEquals(
        List.of(List.of(5.0, 0.0), List.of(5.0, 3.0)),
        TrainConfig.read(file).stages().stream().map(TrainConfig.StageConfig::weights).toList());

    Files.writeString(file, run + "stages: {first: {weights: {c: 3}}}\n");
    assertEquals(
        file + ":4: stages.first.weights.c: unknown key; allowed are a, b",
        assertThrows(SettingsException.class, () -> TrainConfig.read(file)).getMessage());
    Files.writeString(file, run + "stages: {first: {weights: {a: 0}}}\n");
    assertEquals(
        file + ":4: stages.first.weights: leaves no data set: all weights are 0",
        assertThrows(SettingsException.class, () -> TrainConfig.read(file)).getMessage());
  }

  @Test
  void heldOut_isTheFirstFoldUnlessAnotherIsAskedFor() throws Exception {
    assertEquals(SceneSplit.FIRST, read("").heldOut());
    assertEquals(SceneSplit.SECOND, read("held-out: second\n").heldOut());
    assertEquals(SceneSplit.NONE, read("held-out: none\n").heldOut());
    assertTold(
        "held-out: third\n", "held-out: third is not allowed, must be one of first, none, second");
  }

  @Test
  void precision_isFloat32UnlessBfloat16IsAskedFor() throws Exception {
    assertEquals(Precision.FLOAT32, read("").precision());
    assertEquals(Precision.BFLOAT16, read("precision: bfloat16\n").precision());
    assertTold(
        "precision: half\n", "precision: half is not allowed, must be one of bfloat16, float32");
  }

  @Test
  void cropPx_isASideOrWidthAndHeight() throws Exception {
    Augmentation square = read("crop-px: 96\n").augmentation();
    assertEquals(List.of(96, 96), List.of(square.widthPx(), square.heightPx()));
    Augmentation picture = read("crop-px: [640, 480]\n").augmentation();
    assertEquals(List.of(640, 480), List.of(picture.widthPx(), picture.heightPx()));
    assertTold("crop-px: [640, 8]\n", "crop-px: 8 is not a whole number from 32 to 4096");
  }

  @Test
  void cropPx_thatTheNetworkDoesNotTake_isRefused() throws Exception {
    assertTold(
        "crop-px: 48\n",
        "run.yaml:6: crop-px: 48x48 is not allowed, nightnet-s takes multiples of 32");
    Path file = folder.resolve("run.yaml");
    String run = "name: tiny\ndata: {a: {folder: x}}\nstages: {cfm-align: {crop-px: [96, 64]}}\n";
    Files.writeString(file, run + "recipe: mafs-stage1\n");
    assertEquals(
        file
            + ":3: stages.cfm-align.crop-px: 96x64 is not allowed, mafs-stage1 turns its crops and"
            + " takes squares",
        assertThrows(SettingsException.class, () -> TrainConfig.read(file)).getMessage());
    Files.writeString(file, run.replace("96", "48") + "recipe: maefuse\n");
    assertEquals(48, TrainConfig.read(file).stages().get(0).augmentation().widthPx());
  }

  @Test
  void stage_hasTheRunsBatchesUnlessItHasItsOwn() throws Exception {
    TrainConfig config =
        read(
            "crop-px: 96\nfocus: 0.5\n",
            "{a: {batch: 8, crop-px: [64, 32]}, b: {steps: 1}, c: {crop-px: 128}}");
    List<TrainConfig.StageConfig> stages = config.stages();
    assertEquals(List.of(8, 4, 4), stages.stream().map(TrainConfig.StageConfig::batch).toList());
    Augmentation run = config.augmentation();
    assertEquals(
        List.of(run.withCrop(64, 32), run, run.withCrop(128, 128)),
        stages.stream().map(TrainConfig.StageConfig::augmentation).toList());
    String found =
        assertThrows(SettingsException.class, () -> read("", "{a: {crop-px: 8}}")).getMessage();
    assertTrue(found.contains("stages.a.crop-px: 8 is not a whole number from 32"), found);
  }

  @Test
  void classWeights_thoseThatAreNamedAreReplaced() throws Exception {
    assertEquals(NightNetSettings.BALANCED, read("").nightNet().classWeights());
    assertEquals(
        List.of(1.0, 1.5, 4.0, 4.0, 5.0, 5.0, 5.0, 6.0, 5.0),
        read("nightnet: {class-weights: {car: 1.5}}\n").nightNet().classWeights());
    assertTold(
        "nightnet: {class-weights: {lorry: 2}}\n", "nightnet.class-weights.lorry: unknown key");
  }

  @Test
  void stage_hasTheRunsSettingsOfNightNetUnlessItHasItsOwn() throws Exception {
    TrainConfig config =
        read(
            "nightnet: {fusion-pairs: 2, noise: 3}\n",
            "{a: {steps: 1}, b: {steps: 1, nightnet: {fusion-pairs: 5, class-weights: {bike: 1}}}}");
    NightNetSettings first = config.stages().get(0).nightNet();
    NightNetSettings second = config.stages().get(1).nightNet();
    assertEquals(config.nightNet(), first);
    assertEquals(List.of(5, 2), List.of(second.fusionPairs(), first.fusionPairs()));
    assertEquals(3, second.noise());
    assertEquals(
        List.of(1.0, 4.0), List.of(second.classWeights().get(3), first.classWeights().get(3)));
    String found =
        assertThrows(
                SettingsException.class, () -> read("", "{a: {steps: 1, nightnet: {films: [x]}}}"))
            .getMessage();
    assertTrue(found.contains("stages.a.nightnet.films: unknown key"), found);
  }

  private void assertTold(String text, String message) {
    String found = assertThrows(SettingsException.class, () -> read(text)).getMessage();
    assertTrue(found.contains(message), found);
  }
}

package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.weights.SafetensorsWriter;
import dev.nightfuse.engine.weights.WeightsFile;
import dev.nightfuse.training.settings.SettingsException;
import dev.nightfuse.training.settings.TrainException;
import dev.nightfuse.training.torch.Natives;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The papers' recipes as runs of the trainer: small networks, four small pairs. */
final class PaperRecipesRunTest {

  private static final Path CONFIGS =
      Path.of(System.getProperty("nightfuse.root", ".."), "configs", "training");

  private static final String MAE_FUSE =
      """
      recipe: maefuse
      optimiser: adamw
      beta2: 0.95
      schedule: constant
      ema: 0
      maefuse:
        encoder: {width: 32, depth: 1, heads: 4}
        decoder: {width: 32, depth: 1, heads: 4}
        grid: 4
      stages:
        decoder: {steps: 3, learning-rate: 0.01}
        cfm-align: {steps: 3, learning-rate: 0.01}
        cfm-fuse: {steps: 3, learning-rate: 0.01}
        mfm-align: {steps: 3, learning-rate: 0.01}
        mfm-fuse: {steps: 3, learning-rate: 0.01}
      """;

  @TempDir private Path folder;

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  static Stream<Path> shippedConfigs() throws IOException {
    try (Stream<Path> files = Files.list(CONFIGS)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shippedConfigs")
  void shippedConfig_isReadAndNamedAsItsFile(Path file) throws Exception {
    assertEquals(file.getFileName().toString(), TrainConfig.read(file).name() + ".yaml");
  }

  @Test
  void mafs_bothStages_handOverTheEncoder() throws Exception {
    String network = "mafs: {backbone: resnet-14}\noptimiser: sgd\nschedule: polynomial\nema: 0\n";
    Path first =
        run(
            "one",
            network + "recipe: mafs-stage1\nstages:\n  s: {steps: 2, learning-rate: 0.01}\n");
    Path weights = first.resolve(TrainLoop.WEIGHTS);
    Path second =
        run(
            "two",
            network
                + "recipe: mafs-stage2\nstart: %s\nstart-keys: [encoder.]\n".formatted(weights)
                + "stages:\n  s: {steps: 1, learning-rate: 0}\n");
    String key = "encoder.SIM2.mlp_shared.0.weight";
    assertArrayEquals(values(first, key), values(second, key));
    assertNotNull(values(second, "seg_decoder.aspp.conv.weight"));
    assertTrue(curve(second).stream().anyMatch(line -> line.contains("segmentation/boundary")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mafs-stage1", "mafs-stage2"})
  void mafs_batchOfOne_isRefusedBeforeItSpoilsTheStatistics(String recipe) throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 2);
    String stages = "mafs: {backbone: resnet-14}\nstages: {s: {steps: 1, batch: 1}}\n";
    String told =
        assertThrows(
                TrainException.class, () -> command("one", "recipe: " + recipe + "\n" + stages))
            .getMessage();
    assertTrue(told.contains("batch: 2 or more are needed"), told);
  }

  /**
   * The paper's, and one with averages whose last stages let the CFM learn and never ask for it.
   */
  static Stream<String> maeFuses() {
    return Stream.of(
        MAE_FUSE,
        MAE_FUSE
            .replace("ema: 0\n", "ema: 0.9\n")
            .replace("  grid: 4\n", "  grid: 4\n  attention: released\n  lock-cfm: false\n"));
  }

  @ParameterizedTest
  @MethodSource("maeFuses")
  void maeFuse_stoppedBetweenStages_goesOnBitForBit(String recipe) throws Exception {
    Path whole = run("whole", recipe);
    for (String cut : List.of("cfm-fuse", "mfm-align", "mfm-fuse")) {
      run("stopped", recipe.substring(0, recipe.indexOf("  " + cut + ":")));
    }
    Path stopped = run("stopped", recipe);
    assertEquals(curve(whole), curve(stopped));
    for (String key : keys(whole)) {
      assertArrayEquals(values(whole, key), values(stopped, key), key);
    }
  }

  @Test
  void maeFuse_stageThatNeverDecodes_isValidatedAndResumedWithTheDecoderItStartedFrom()
      throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 4);
    holdOut("00");
    Path decoder = run("decoder", shortened("cfm-align"));
    String start =
        "start: %s\nstart-keys: [model1.]\n".formatted(decoder.resolve(TrainLoop.WEIGHTS));
    Path whole = run("whole", start + between("cfm-align", "mfm-align"));
    assertTrue(curve(whole).stream().anyMatch(line -> line.contains("validation/pairs/SSIM")));

    Path part = run("part", start + between("cfm-align", "cfm-fuse"));
    String key = "model1.decoder_embed.weight";
    assertArrayEquals(values(decoder, key), values(part, key), "saved though nobody asked for it");
    assertEquals(List.of(32, 32), shape(part, key));
    // As a checkpoint of before was: without what no stage has asked for.
    Path old = Files.createDirectories(folder.resolve("run-resumed"));
    Checkpoint full = Checkpoint.read(part.resolve(TrainLoop.CHECKPOINT));
    Map<String, float[]> asked = new LinkedHashMap<>(full.parameters());
    asked.keySet().removeIf(name -> name.startsWith("model1.decoder_"));
    new Checkpoint(
            new LearntWith(Map.of()),
            full.stage(),
            full.step(),
            full.stageState(),
            Map.of(),
            asked,
            asked,
            Map.of())
        .write(old.resolve(TrainLoop.CHECKPOINT));
    Files.copy(part.resolve(TrainLoop.CURVE), old.resolve(TrainLoop.CURVE));
    Path resumed = run("resumed", start + between("cfm-align", "mfm-align"));
    for (String name : keys(whole)) {
      assertArrayEquals(values(whole, name), values(resumed, name), name);
    }
    assertEquals(curve(whole), curve(resumed));
  }

  @Test
  void maeFuse_resumedStageThatNeverDecodes_keepsTheDecoder() throws Exception {
    Path decoder = run("decoder", shortened("cfm-align"));
    copyCheckpoint(decoder, "resumed");
    Path resumed = run("resumed", shortened("cfm-fuse"));
    String key = "model1.decoder_embed.weight";
    assertArrayEquals(values(decoder, key), values(resumed, key));
    assertEquals(shape(decoder, key), shape(resumed, key));
    assertTrue(Checkpoint.read(resumed.resolve(TrainLoop.CHECKPOINT)).averages().containsKey(key));
  }

  @Test
  void mafsStage1_whatStartHasBeyondIt_isInItsWeights() throws Exception {
    Path start = folder.resolve("imagenet.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("encoder.layer4.weight", List.of(2, 1), () -> new float[] {3, 4});
    writer.add("fc.weight", List.of(1), () -> new float[] {5});
    writer.write(start, Map.of());
    Path first =
        run(
            "one",
            "mafs: {backbone: resnet-14}\nrecipe: mafs-stage1\nstart: %s\nstart-keys: [encoder.]\n"
                    .formatted(start)
                + "stages:\n  s: {steps: 1, learning-rate: 0.01}\n");
    assertArrayEquals(new float[] {3, 4}, values(first, "encoder.layer4.weight"));
    assertEquals(List.of(2, 1), shape(first, "encoder.layer4.weight"));
    assertFalse(keys(first).contains("fc.weight"), "start-keys does not want it");
  }

  /** One of the pairs once more, under a name that is held out. */
  private void holdOut(String pair) throws IOException {
    for (String kind : List.of("visible", "infrared", "labels")) {
      Path of = folder.resolve("pairs").resolve(kind);
      Files.copy(of.resolve(pair + ".png"), of.resolve("00332D.png"));
    }
  }

  /** The recipe with the stages from one to before another. */
  private static String between(String from, String to) {
    int stages = MAE_FUSE.indexOf("  decoder: {steps");
    return MAE_FUSE.substring(0, stages)
        + MAE_FUSE.substring(
            MAE_FUSE.indexOf("  " + from + ":"), MAE_FUSE.indexOf("  " + to + ":"));
  }

  /** The recipe without the stages from this one on. */
  private static String shortened(String stage) {
    return MAE_FUSE.substring(0, MAE_FUSE.indexOf("  " + stage + ":"));
  }

  private void copyCheckpoint(Path from, String name) throws IOException {
    Path to = Files.createDirectories(folder.resolve("run-" + name));
    Files.copy(from.resolve(TrainLoop.CHECKPOINT), to.resolve(TrainLoop.CHECKPOINT));
    Files.copy(from.resolve(TrainLoop.CURVE), to.resolve(TrainLoop.CURVE));
  }

  @Test
  void wrongStageOrKeys_areToldWithWhatIsAllowed() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 1);
    String stage = "recipe: maefuse\nstages:\n  cfm: {steps: 1}\n";
    assertEquals(
        "stages: MaeFuse has no stage \"cfm\"; allowed: decoder, cfm-align, cfm-fuse, mfm-align,"
            + " mfm-fuse",
        assertThrows(TrainException.class, () -> command("bad", stage)).getMessage());
    String setting = "recipe: mafs-stage2\nmafs: {balance: {alpha: 2}}\nstages:\n  s: {steps: 1}\n";
    assertTrue(
        assertThrows(SettingsException.class, () -> command("worse", setting))
            .getMessage()
            .endsWith("mafs.balance.alpha: 2 is not a number from -100 to 0.999"));
  }

  private Path run(String name, String recipe) throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 4);
    command(name, recipe);
    return folder.resolve("run-" + name);
  }

  private void command(String name, String recipe) throws Exception {
    Path file = folder.resolve(name + ".yaml");
    String common =
        """
        name: %s
        batch: 2
        crop-px: %d
        augmentation: crop
        log-every: 1
        validation-pairs: 1
        data:
          pairs: {folder: %s}
        """;
    // MAFS, with all of its decoders, takes seconds a step.
    int cropPx = recipe.contains("recipe: mafs") ? 32 : 64;
    Files.writeString(file, common.formatted(name, cropPx, folder.resolve("pairs")) + recipe);
    CommandLine line =
        new CommandLine(new TrainCommand()).setErr(new PrintWriter(new StringWriter()));
    line.parseArgs("-c", file.toString(), "--out", folder.resolve("run-" + name).toString());
    TrainCommand command = line.getCommand();
    assertEquals(0, command.call());
  }

  private static Set<String> keys(Path run) throws Exception {
    try (WeightsFile weights = WeightsFile.open(run.resolve(TrainLoop.WEIGHTS))) {
      return Set.copyOf(weights.tensors().keySet());
    }
  }

  private static List<Integer> shape(Path run, String key) throws Exception {
    try (WeightsFile weights = WeightsFile.open(run.resolve(TrainLoop.WEIGHTS))) {
      return weights.tensors().get(key).shape();
    }
  }

  private static float[] values(Path run, String key) throws Exception {
    try (WeightsFile weights = WeightsFile.open(run.resolve(TrainLoop.WEIGHTS))) {
      return weights.tensors().get(key).readFloats();
    }
  }

  private static List<String> curve(Path run) throws IOException {
    return Files.readAllLines(run.resolve(TrainLoop.CURVE));
  }
}

package dev.nightfuse.training;

import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.training.data.Augmentation;
import dev.nightfuse.training.data.SampleCache;
import dev.nightfuse.training.data.SceneSplit;
import dev.nightfuse.training.settings.Settings;
import dev.nightfuse.training.settings.SettingsException;
import dev.nightfuse.training.stage.Emphasis;
import dev.nightfuse.training.stage.MaeFuseSettings;
import dev.nightfuse.training.stage.MafsSettings;
import dev.nightfuse.training.stage.NightNetSettings;
import dev.nightfuse.training.stage.NightNetStage;
import dev.nightfuse.training.torch.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A training run as its YAML file describes it. Every key must be known; folders are relative to
 * the file's project, that is, to the working directory.
 *
 * @param heldOut the scenes that nothing is learnt from
 * @param start weights to begin with; null for none
 * @param given every value as the file has it, by key
 */
record TrainConfig(
    String name,
    String recipe,
    long seed,
    Augmentation augmentation,
    OptimiserConfig optimiser,
    Precision precision,
    double ema,
    int logEvery,
    int checkpointEvery,
    int validateEvery,
    int validationPairs,
    @Nullable StartWeights start,
    List<Data> data,
    SceneSplit heldOut,
    List<StageConfig> stages,
    MafsSettings mafs,
    MaeFuseSettings maeFuse,
    NightNetSettings nightNet,
    Map<String, String> given) {

  private static final int CROP_PX = 256;

  /**
   * A folder of pairs; held-out scenes are left out of training.
   *
   * @param name its key in the file
   * @param emphasis of terms in its pairs; NightNet only
   */
  record Data(String name, Path folder, double weight, List<Path> labels, Emphasis emphasis) {}

  /**
   * @param batch pairs of a step, the run's unless the stage has its own
   * @param augmentation the run's, with the stage's own kind, focus and size of crops
   * @param learns the parameters that learn; the others stay
   * @param weights how often each data set comes, in their order, the run's with the stage's own; 0
   *     for not at all
   * @param loss weights of terms, the run's with the stage's own on top
   * @param nightNet the run's with the stage's own on top
   */
  record StageConfig(
      String name,
      long steps,
      double learningRate,
      long warmUp,
      int batch,
      Augmentation augmentation,
      Pattern learns,
      List<Double> weights,
      Map<String, Double> loss,
      NightNetSettings nightNet) {}

  /** Decoded pairs that each data set and each film may keep. */
  long cacheBytes() {
    return SampleCache.shareBytes(
        Runtime.getRuntime().maxMemory(), data.size() + nightNet.films().size());
  }

  static TrainConfig read(Path file) throws SettingsException {
    Settings top = Settings.read(file);
    List<Data> data = new ArrayList<>();
    Settings folders = top.section("data");
    for (String key : folders.keys()) {
      Settings each = folders.section(key);
      data.add(
          new Data(
              key,
              Path.of(each.requiredText("folder")),
              each.number("weight", 1, 0, 1e6),
              each.texts("labels").stream().map(Path::of).toList(),
              Emphasis.read(each.section("emphasis"))));
      onlyFor("NightNet", top, each, "emphasis");
    }
    if (data.isEmpty()) {
      top.problem("data", "names no data set");
    }
    onlyFor("NightNet", top, top, "loss", "nightnet");
    onlyFor("MAFS", top, top, "mafs");
    onlyFor("MaeFuse", top, top, "maefuse");
    Map<String, Double> loss = weights(Map.of(), top.section("loss"));
    NightNetSettings nightNet = NightNetSettings.read(top.section("nightnet"));
    Augmentation augmentation = augmentation(top, Augmentation.usual(CROP_PX, CROP_PX), top);
    int batch = top.whole("batch", 8, 1, 4096);
    List<StageConfig> stages = new ArrayList<>();
    Settings parts = top.section("stages");
    for (String key : parts.keys()) {
      Settings each = parts.section(key);
      onlyFor("NightNet", top, each, "learns", "loss", "nightnet");
      stages.add(
          new StageConfig(
              key,
              each.whole("steps", 1000, 1, 100_000_000),
              each.number("learning-rate", 1e-3, 0, 1),
              each.whole("warm-up", 0, 0, 100_000_000),
              each.whole("batch", batch, 1, 4096),
              augmentation(top, augmentation, each),
              pattern(each, "learns"),
              weights(folders.keys(), data, each),
              weights(loss, each.section("loss")),
              nightNet.with(each.section("nightnet"))));
    }
    if (stages.isEmpty()) {
      top.problem("stages", "names no stage");
    }
    TrainConfig config =
        new TrainConfig(
            top.requiredText("name"),
            top.requiredText("recipe"),
            top.whole("seed", 1, 0, Integer.MAX_VALUE),
            augmentation,
            OptimiserConfig.read(top),
            top.choice("precision", Precision.FLOAT32),
            top.number("ema", 0.998, 0, 1),
            top.whole("log-every", 10, 1, 1_000_000),
            top.whole("checkpoint-every", 200, 1, 1_000_000),
            top.whole("validate-every", 500, 1, 1_000_000),
            top.whole("validation-pairs", 8, 0, 100_000),
            StartWeights.read(top),
            List.copyOf(data),
            top.choice("held-out", SceneSplit.FIRST),
            List.copyOf(stages),
            MafsSettings.read(top.section("mafs")),
            MaeFuseSettings.read(top.section("maefuse")),
            nightNet,
            top.given());
    top.finish();
    return config;
  }

  /** Keys that another recipe would not look at are refused rather than ignored. */
  private static void onlyFor(String network, Settings top, Settings section, String... keys) {
    boolean meant = top.text("recipe", "").startsWith(network.toLowerCase(Locale.ROOT));
    for (String key : keys) {
      if (section.has(key) && !meant) {
        section.problem(key, "is for the recipes of %s only".formatted(network));
      }
    }
  }

  /** The usual one with what is given: another kind, focus, side of crops or width and height. */
  private static Augmentation augmentation(Settings top, Augmentation usual, Settings given) {
    Map<String, Augmentation> kinds =
        Map.of(
            "usual", Augmentation.usual(CROP_PX, CROP_PX),
            // Little enough for short runs.
            "light",
                new Augmentation(CROP_PX, CROP_PX, 0.75, 1.35, true, 1.2, 1.15, 8, 0, 0, 0, 0, 0),
            "crop", Augmentation.cropOnly(CROP_PX, CROP_PX));
    List<Integer> px =
        given.wholes("crop-px", List.of(usual.widthPx(), usual.heightPx()), 2, 32, 4096);
    int widthPx = px.get(0);
    int heightPx = px.get(px.size() - 1);
    refuseCrop(top, given, widthPx, heightPx);
    return given
        .choice("augmentation", usual, kinds)
        .withFocus(given.number("focus", usual.focus(), 0, 1))
        .withCrop(widthPx, heightPx);
  }

  /** Sizes that the recipe's network does not take. */
  private static void refuseCrop(Settings top, Settings given, int widthPx, int heightPx) {
    String recipe = top.text("recipe", "");
    int multiple = recipe.equals("maefuse") ? MaeFuse.PATCH : NightNet.SIZE_MULTIPLE;
    if (widthPx % multiple != 0 || heightPx % multiple != 0) {
      given.problem(
          "crop-px",
          "%dx%d is not allowed, %s takes multiples of %d"
              .formatted(widthPx, heightPx, recipe, multiple));
    } else if (recipe.startsWith("mafs") && widthPx != heightPx) {
      given.problem(
          "crop-px",
          "%dx%d is not allowed, %s turns its crops and takes squares"
              .formatted(widthPx, heightPx, recipe));
    }
  }

  private static Pattern pattern(Settings settings, String key) {
    try {
      return Pattern.compile(settings.text(key, ".*"));
    } catch (PatternSyntaxException e) {
      settings.problem(key, "is no regular expression: " + e.getDescription());
      return Pattern.compile(".*");
    }
  }

  private static List<Double> weights(List<String> names, List<Data> data, Settings stage) {
    Settings given = stage.section("weights");
    List<Double> weights = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      weights.add(given.number(names.get(i), data.get(i).weight(), 0, 1e6));
    }
    if (!data.isEmpty() && weights.stream().allMatch(weight -> weight == 0)) {
      stage.problem("weights", "leaves no data set: all weights are 0");
    }
    return weights;
  }

  private static Map<String, Double> weights(Map<String, Double> usual, Settings given) {
    Map<String, Double> weights = new LinkedHashMap<>(usual);
    for (String term : NightNetStage.Weights.terms()) {
      if (given.has(term)) {
        weights.put(term, given.number(term, 0, 0, 1e6));
      }
    }
    return weights;
  }
}

package dev.nightfuse.training.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.training.data.SceneSplit;
import dev.nightfuse.training.loss.Terms;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NightNetStageTest {

  @TempDir private Path folder;

  private static final NightNetSettings PLAIN = NightNetSettings.PLAIN;

  /** Knows what the labels are. */
  private static final Teacher TEACHER =
      new Teacher() {
        @Override
        public Tensor logits(PairBatch batch, Tensor fused) {
          Tensor known = batch.labels().clamp_max(new Scalar(8));
          return torch.one_hot(known, 9).movedim(3, 1).to(fused.scalar_type());
        }

        @Override
        public void close() {}
      };

  /** The whole network without teachers and films. */
  private static NightNetSettings given(int fusionPairs, double noise, List<Double> classWeights) {
    return taught(fusionPairs, noise, Optional.empty(), List.of(), classWeights);
  }

  private static NightNetSettings taught(
      int fusionPairs,
      double noise,
      Optional<Path> imitates,
      List<Path> films,
      List<Double> classWeights) {
    return new NightNetSettings(
        fusionPairs, noise, Set.of(), Optional.empty(), imitates, films, 2, classWeights);
  }

  private static NightNetStage stage(Trial trial, NightNetSettings settings) {
    return stage(
        trial,
        NightNetStage.Weights.of(
            Map.of(
                "shades",
                0.5,
                "overlap",
                2.0,
                "hard",
                1.0,
                "distillation",
                0.1,
                "restoration",
                1.0)),
        settings,
        key -> true,
        new NightNetSources(TEACHER, null, null));
  }

  private static NightNetStage stage(
      Trial trial,
      NightNetStage.Weights weights,
      NightNetSettings settings,
      Predicate<String> learns,
      NightNetSources sources) {
    return new NightNetStage(
        NightNet.SMALL,
        trial.parameters,
        weights,
        settings,
        List.of(EVEN, STRONG),
        learns,
        3,
        sources);
  }

  @SuppressWarnings("try")
  private static double total(NightNetSettings settings, long step) {
    try (Trial trial = new Trial();
        PointerScope scope = new PointerScope()) {
      return stage(trial, settings).loss(Trial.batch(2, 64), step).total().item_double();
    }
  }

  private static final Emphasis EVEN = new Emphasis(Map.of());
  private static final Emphasis STRONG = new Emphasis(Map.of("edges", 3.0, "shades", 0.0));

  @Test
  @SuppressWarnings("try")
  void loss_emphasisOfADataSet_countsInItsPairsAlone() {
    NightNetSettings plain = given(2, 0, NightNetSettings.BALANCED);
    try (Trial trial = new Trial();
        PointerScope scope = new PointerScope()) {
      NightNetStage stage = stage(trial, plain);
      PairBatch none = Trial.batch(2, 64);
      double even = missing(stage, of(none, 0, 0), "edges");
      assertEquals(even, missing(stage, none, "edges"), 1e-6);
      // With three times as much of one pair, the mean of two is more by what that one lacks.
      double first = missing(stage, of(none, 1, 0), "edges") - even;
      double second = missing(stage, of(none, 0, 1), "edges") - even;
      assertTrue(Math.abs(first - second) > 1e-4, first + " and " + second);
      assertEquals(even, (first + second) / 2, 1e-5);
      assertEquals(0, missing(stage, of(none, 1, 1), "shades"));
      assertEquals(
          missing(stage, none, "similarity"), missing(stage, of(none, 0, 1), "similarity"), 1e-6);
    }
  }

  private static PairBatch of(PairBatch batch, Integer... sets) {
    return new PairBatch(batch.visible(), batch.infrared(), batch.labels(), List.of(sets));
  }

  private static double missing(NightNetStage stage, PairBatch batch, String term) {
    return stage.loss(batch, 0).values().get(term).item_float();
  }

  @Test
  void loss_everyTerm_fallsOnOneBatch() {
    try (Trial trial = new Trial()) {
      double[] losses = trial.losses(stage(trial, PLAIN), Trial.batch(2, 64), 25, 0.002);
      assertTrue(losses[24] < 0.9 * losses[0], losses[0] + " to " + losses[24]);
    }
  }

  @Test
  void loss_films_teachStability() throws Exception {
    Random random = new Random(4);
    for (String camera : new String[] {"visible", "infrared"}) {
      Path frames = Files.createDirectory(folder.resolve(camera));
      for (int frame = 0; frame < 4; frame++) {
        BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 64 * 64; i++) {
          int level = 60 + 2 * (i % 64) + random.nextInt(5);
          picture.getRaster().setSample(i % 64, i / 64, 0, level);
        }
        ImageIO.write(picture, "png", frames.resolve("still" + frame + ".png").toFile());
      }
    }
    NightNetSettings settings =
        taught(1, 0, Optional.empty(), List.of(folder), NightNetSettings.BALANCED);
    try (Trial trial = new Trial();
        NightNetSources sources =
            settings.openSources(64, 1 << 20, SceneSplit.FIRST, TorchDevice.CPU)) {
      NightNetStage stage =
          stage(
              trial,
              NightNetStage.Weights.of(Map.of("stability", 50.0)),
              settings,
              key -> true,
              sources);
      double before = stability(stage);
      trial.losses(stage, Trial.batch(1, 64), 25, 0.002);
      double after = stability(stage);
      assertTrue(after < 0.9 * before, before + " to " + after);
    }
  }

  @SuppressWarnings("try")
  private static double stability(NightNetStage stage) {
    try (PointerScope scope = new PointerScope()) {
      return stage.loss(Trial.batch(1, 64), 0).values().get("stability").item_double();
    }
  }

  @Test
  @SuppressWarnings("try")
  void loss_imitation_drawsTheTeachersPictureOfPairsAndOfStrangeOnes() throws Exception {
    Path weights = folder.resolve("dense.safetensors");
    try (Trial dense = new Trial();
        PointerScope scope = new PointerScope()) {
      PairBatch batch = Trial.batch(2, 64);
      TorchOps ops = new TorchOps(dense.parameters, true);
      NightNetStage.forward(NightNet.DENSE, ops, batch.visible(), batch.infrared());
      TorchParameters.save(weights, dense.parameters.state(), dense.parameters.shapes());
    }
    NightNetSettings settings =
        taught(1, 0, Optional.of(weights), List.of(), NightNetSettings.BALANCED);
    try (Trial trial = new Trial();
        NightNetSources sources =
            settings.openSources(64, 1 << 20, SceneSplit.FIRST, TorchDevice.CPU)) {
      NightNetStage stage =
          stage(
              trial,
              NightNetStage.Weights.of(Map.of("imitation", 200.0)),
              settings,
              key -> true,
              sources);
      Map<String, Double> first = imitation(stage, 0);
      assertEquals(first, imitation(stage, 0));
      assertNotEquals(first.get("strange"), imitation(stage, 1).get("strange"));
      trial.losses(stage, Trial.batch(2, 64), 25, 0.002);
      Map<String, Double> last = imitation(stage, 0);
      first.forEach(
          (term, value) ->
              assertTrue(
                  last.get(term) < 0.9 * value, term + " " + value + " to " + last.get(term)));
    }
  }

  @SuppressWarnings("try")
  private static Map<String, Double> imitation(NightNetStage stage, long step) {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> terms = stage.loss(Trial.batch(2, 64), step).values();
      return Map.of(
          "imitation", terms.get("imitation").item_double(),
          "strange", terms.get("strange").item_double());
    }
  }

  @Test
  void loss_noise_isTheStepsOwn() {
    NightNetSettings noisy = given(8, 20, NightNetSettings.BALANCED);
    assertEquals(total(noisy, 5), total(noisy, 5));
    assertNotEquals(total(noisy, 5), total(noisy, 6));
    assertNotEquals(total(PLAIN, 5), total(noisy, 5));
  }

  @Test
  void loss_fewPairsForFusion_classesAreStillOfAll() {
    double[] all = terms(PLAIN);
    double[] first = terms(given(1, 0, NightNetSettings.BALANCED));
    assertArrayEquals(new double[] {all[0], all[1]}, new double[] {first[0], first[1]}, 1e-6);
    assertNotEquals(all[2], first[2]);
  }

  @Test
  void loss_classWeights_countInTheCrossEntropyAlone() {
    List<Double> doubled = NightNetSettings.BALANCED.stream().map(weight -> 2 * weight).toList();
    double[] usual = terms(PLAIN);
    double[] twice = terms(given(4096, 0, doubled));
    assertEquals(2 * usual[0], twice[0], 1e-4 * usual[0]);
    assertArrayEquals(new double[] {usual[1], usual[2]}, new double[] {twice[1], twice[2]}, 1e-6);
  }

  /** As the last stage of what is shipped: norms that do not learn keep their statistics. */
  @Test
  void learning_theHeadWithItsNormsAtRest_leavesAllElseAsItIs() {
    Predicate<String> head = Pattern.compile("head\\.(?!.*bn).*").asMatchPredicate();
    try (Trial trial = new Trial()) {
      trial.losses(stage(trial, PLAIN), Trial.batch(2, 64), 2, 0.002);
      Map<String, float[]> before = trial.parameters.state();
      NightNetStage balance =
          stage(trial, NightNetStage.Weights.usual(), PLAIN, head, NightNetSources.NONE);
      trial.losses(balance, Trial.batch(2, 64), 3, 0.01);
      Map<String, float[]> after = trial.parameters.state();
      assertTrue(before.keySet().stream().anyMatch(key -> key.endsWith("running_mean")));
      before.forEach(
          (key, values) -> {
            if (head.test(key)) {
              assertFalse(Arrays.equals(values, after.get(key)), key);
            } else {
              assertArrayEquals(values, after.get(key), key);
            }
          });
    }
  }

  /** Classes, overlap and similarity. */
  @SuppressWarnings("try")
  private static double[] terms(NightNetSettings settings) {
    try (Trial trial = new Trial();
        PointerScope scope = new PointerScope()) {
      Terms terms = stage(trial, settings).loss(Trial.batch(2, 64), 0);
      return new double[] {
        terms.values().get("classes").item_double(),
        terms.values().get("overlap").item_double(),
        terms.values().get("similarity").item_double()
      };
    }
  }
}

package dev.nightfuse.training.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.training.loss.Terms;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

final class NightNetStageTest {

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

  private static NightNetStage stage(Trial trial, NightNetSettings settings) {
    return new NightNetStage(
        NightNet.SMALL,
        trial.parameters,
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
        3,
        TEACHER);
  }

  @SuppressWarnings("try")
  private static double total(NightNetSettings settings, long step) {
    try (Trial trial = new Trial();
        PointerScope scope = new PointerScope()) {
      return stage(trial, settings).loss(Trial.batch(2, 64), step).total().item_double();
    }
  }

  @Test
  void loss_everyTerm_fallsOnOneBatch() {
    try (Trial trial = new Trial()) {
      double[] losses = trial.losses(stage(trial, PLAIN), Trial.batch(2, 64), 25, 0.002);
      assertTrue(losses[24] < 0.9 * losses[0], losses[0] + " to " + losses[24]);
    }
  }

  @Test
  void loss_noise_isTheStepsOwn() {
    NightNetSettings noisy = new NightNetSettings(8, 20, Set.of(), Optional.empty());
    assertEquals(total(noisy, 5), total(noisy, 5));
    assertNotEquals(total(noisy, 5), total(noisy, 6));
    assertNotEquals(total(PLAIN, 5), total(noisy, 5));
  }

  @Test
  void loss_fewPairsForFusion_classesAreStillOfAll() {
    double[] all = terms(PLAIN);
    double[] first = terms(new NightNetSettings(1, 0, Set.of(), Optional.empty()));
    assertArrayEquals(new double[] {all[0], all[1]}, new double[] {first[0], first[1]}, 1e-6);
    assertNotEquals(all[2], first[2]);
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

package dev.nightfuse.training.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.training.loss.FusionLoss;
import dev.nightfuse.training.loss.Reading;
import dev.nightfuse.training.stage.MaeFuseStage.Goal;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A small MaeFuse at 32 x 32: the same stages, eight tokens in all. */
final class MaeFuseStageTest {

  private static final int STEPS = 12;

  private final Trial trial = new Trial();
  private final PairBatch batch = Trial.batch(2, 32);

  private static MaeFuse network(MaeFuse.Attention attention) {
    return new MaeFuse(
        new MaeFuse.Transformer(32, 1, 4), new MaeFuse.Transformer(32, 1, 4), 2, attention);
  }

  private MaeFuseStage stage(Goal goal, boolean cfmLocked, boolean decoderLearns) {
    return new MaeFuseStage(
        network(MaeFuse.Attention.PAPER),
        trial.parameters,
        goal,
        FusionLoss.maeFuse(Reading.PAPER),
        cfmLocked,
        decoderLearns);
  }

  @ParameterizedTest
  @CsvSource({
    "DECODER, model1.decoder_blocks model1.decoder_embed model1.decoder_norm model1.decoder_pred",
    "CFM_ALIGN, model2.cross_model",
    "CFM_FUSE, model2.cross_model",
    "MFM_ALIGN, model2.fc1 model2.fc2 model2.ln model2.merge_model",
    "MFM_FUSE, model2.fc1 model2.fc2 model2.ln model2.merge_model"
  })
  void stage_onOneBatch_lowersItsLossWithItsOwnParametersOnly(Goal goal, String parts) {
    try (trial) {
      MaeFuseStage stage = stage(goal, true, false);
      // Everything that any stage has is there before, to be seen not to move.
      for (Goal other : Goal.values()) {
        trial.losses(stage(other, true, false), batch, 1, 0);
      }
      Map<String, float[]> before = trial.values();
      double[] losses = trial.losses(stage, batch, STEPS, 0.02);
      assertTrue(losses[STEPS - 1] < 0.95 * losses[0], losses[0] + " to " + losses[STEPS - 1]);
      assertEquals(Set.of(parts.split(" ", -1)), trial.moved(before, 2));
    }
  }

  @Test
  void cfmUnlocked_whileTheMfmLearns_movesToo() {
    try (trial) {
      trial.losses(stage(Goal.MFM_FUSE, false, true), batch, 1, 0);
      Map<String, float[]> before = trial.values();
      trial.losses(stage(Goal.MFM_FUSE, false, true), batch, 2, 0.02);
      Set<String> moved = trial.moved(before, 2);
      assertTrue(moved.contains("model2.cross_model"), moved.toString());
      assertTrue(moved.contains("model1.decoder_pred"), moved.toString());
      assertFalse(moved.contains("model1.blocks"), moved.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CFM_ALIGN", "MFM_FUSE"})
  void releasedAttention_isTrainedToo(Goal goal) {
    try (trial) {
      MaeFuseStage stage =
          new MaeFuseStage(
              network(MaeFuse.Attention.RELEASED),
              trial.parameters,
              goal,
              FusionLoss.maeFuse(Reading.RELEASED),
              true,
              false);
      double[] losses = trial.losses(stage, batch, STEPS, 0.02);
      assertTrue(losses[STEPS - 1] < losses[0], losses[0] + " to " + losses[STEPS - 1]);
    }
  }
}

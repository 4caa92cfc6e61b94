package dev.nightfuse.training.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.training.loss.Distillation;
import dev.nightfuse.training.loss.ForegroundLoss;
import dev.nightfuse.training.loss.FusionLoss;
import dev.nightfuse.training.loss.MaskedReconstruction;
import dev.nightfuse.training.loss.OhemCrossEntropy;
import dev.nightfuse.training.loss.Reading;
import dev.nightfuse.training.stage.TaskBalance.Strategy;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real network but for the depth of its backbone. */
final class MafsStagesTest {

  private static final Mafs NETWORK = new Mafs(Trial.CLASSES, Mafs.Backbone.RESNET_14);
  private static final int STEPS = 3;

  private final Trial trial = new Trial();
  private final PairBatch batch = Trial.batch(2, 64);

  @ParameterizedTest
  @EnumSource
  void restoration_onOneBatch_lowersItsLoss(Reading reading) {
    try (trial) {
      MafsRestoration stage =
          new MafsRestoration(
              NETWORK, trial.parameters, reading, MaskedReconstruction.of(reading), 3);
      double[] losses = trial.losses(stage, batch, STEPS, 0.01);
      assertTrue(losses[STEPS - 1] < 0.97 * losses[0], losses[0] + " to " + losses[STEPS - 1]);
    }
  }

  @Test
  void joint_afterTheRestoration_lowersItsLossAndKeepsOldDecodersStill() {
    try (trial) {
      MafsRestoration first =
          new MafsRestoration(
              NETWORK, trial.parameters, Reading.PAPER, MaskedReconstruction.of(Reading.PAPER), 3);
      PairBatch batch = Trial.batch(2, 32);
      trial.losses(first, batch, 1, 0);
      Map<String, float[]> before = trial.values();
      double[] losses = trial.losses(joint(new ConstantTeacher()), batch, STEPS, 0.01);
      // Of the power 0.2: a hundredth less is a twentieth less of the tasks' losses.
      assertTrue(losses[STEPS - 1] < 0.99 * losses[0], losses[0] + " to " + losses[STEPS - 1]);
      assertEquals(Set.of("encoder"), trial.moved(before, 1));
    }
  }

  /** The published depth: 129 million parameters, three gigabytes. */
  @Tag("long")
  @Test
  void joint_ofThePublishedNetwork_lowersItsLoss() {
    try (trial) {
      double[] losses = trial.losses(joint(new Mafs(Trial.CLASSES), null), batch, 3, 0.002);
      assertTrue(losses[2] < losses[0], losses[0] + " to " + losses[2]);
    }
  }

  private MafsJoint joint(Teacher teacher) {
    return joint(NETWORK, teacher);
  }

  private MafsJoint joint(Mafs network, Teacher teacher) {
    return new MafsJoint(
        network,
        trial.parameters,
        new MafsJoint.Losses(
            Reading.RELEASED,
            FusionLoss.mafs(Reading.RELEASED),
            OhemCrossEntropy.standard(),
            ForegroundLoss.of(Reading.RELEASED),
            true,
            new Distillation(Distillation.Kind.RELEASED, Distillation.TEMPERATURE)),
        new TaskBalance(new TaskBalance.Settings(Strategy.FAIR, 0.8, 500)),
        3,
        teacher);
  }

  @Test
  void hiddenPatches_ofASeed_areTheSameAndNeverBoth() {
    PairBatch plain = Trial.batch(3, 96);
    HiddenPatches left = HiddenPatches.of(plain, 5);
    HiddenPatches again = HiddenPatches.of(plain, 5);
    Tensor both = left.hiddenVisible().mul(left.hiddenInfrared());
    assertEquals(0, both.sum().item_double());
    assertTrue(left.hiddenVisible().add(left.hiddenInfrared()).sum().item_double() > 0);
    assertEquals(0, left.visible().sub(again.visible()).abs().sum().item_double());
    // What is not hidden is the picture itself.
    Tensor shown = torch.ones_like(left.hiddenVisible()).sub(left.hiddenVisible());
    assertEquals(0, left.visible().sub(plain.visible()).mul(shown).abs().sum().item_double());
    assertTrue(left.visible().sub(plain.visible()).abs().sum().item_double() > 0);
  }

  /** Is sure of class 2 everywhere, at a quarter of the size. */
  private static final class ConstantTeacher implements Teacher {
    @Override
    public Tensor logits(PairBatch batch, Tensor fused) {
      Tensor logits = torch.zeros(2, Trial.CLASSES, 16, 16);
      logits.select(1, 2).add_(torch.ones(2, 16, 16));
      return logits;
    }

    @Override
    public void close() {}
  }
}

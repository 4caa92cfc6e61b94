package dev.nightfuse.training.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightfuse.training.loss.Terms;
import dev.nightfuse.training.stage.TaskBalance.Strategy;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

final class TaskBalanceTest {

  private final TorchParameters parameters =
      new TorchParameters(new PaperInitialiser(1), TorchDevice.CPU);
  private final TorchOps ops = new TorchOps(parameters, true);

  private double total(TaskBalance balance, double fusion, double segmentation) {
    return terms(balance, fusion, segmentation).total().item_double();
  }

  private Terms terms(TaskBalance balance, double fusion, double segmentation) {
    return balance.combine(
        ops,
        new Terms().add("f", 1, Tensor.create(fusion)),
        new Terms().add("s", 1, Tensor.create(segmentation)));
  }

  private static TaskBalance balance(Strategy strategy, double temperature) {
    return new TaskBalance(new TaskBalance.Settings(strategy, 0.8, temperature));
  }

  @Test
  void equal_ofTwoLosses_isTheirSum() {
    Terms terms = terms(balance(Strategy.EQUAL, 500), 2, 3);
    assertEquals(5, terms.total().item_double());
    assertEquals(
        "[fusion/f, segmentation/s, fusion, segmentation]", terms.values().keySet().toString());
  }

  @Test
  void uncertainty_atTheStart_halvesBoth() {
    // Variances of 1: L / 2 each; their logarithms learn.
    try (parameters) {
      assertEquals(2.5, total(balance(Strategy.UNCERTAINTY, 500), 2, 3), 1e-6);
      assertEquals(2, parameters.trainable().size());
    }
  }

  @Test
  void dynamicAverage_fromTheThirdStep_weighsByTheLastRatio() {
    TaskBalance balance = balance(Strategy.DYNAMIC_AVERAGE, 1);
    assertEquals(4, total(balance, 1, 3), 1e-12);
    assertEquals(5, total(balance, 2, 3), 1e-12);
    // Ratios 2 and 1 at T = 1: weights 2e / (e + 1) and the rest of 2, on losses 1 and 0.
    assertEquals(2 * Math.E / (Math.E + 1), total(balance, 1, 0), 1e-12);
  }

  @Test
  void dynamicAverage_afterBatchesWithoutLabels_weighsAsIfNothingHadChanged() {
    TaskBalance balance = balance(Strategy.DYNAMIC_AVERAGE, 1);
    for (double segmentation : new double[] {0, 0, 3, 3, 0, 3}) {
      assertEquals(1 + segmentation, total(balance, 1, segmentation), 1e-12);
    }
  }

  @Test
  void fair_ofTwoLosses_takesPowersThenWeighs() {
    // 5 * 32^0.2 = 10 and 5 * 1 = 5.
    assertEquals(15, total(balance(Strategy.FAIR, 500), 32, 1), 1e-6);
  }

  @Test
  void state_takenUp_goesOnAsBefore() {
    TaskBalance balance = balance(Strategy.FAIR, 1);
    assertArrayEquals(new double[0], balance.state());
    total(balance, 1, 3);
    total(balance, 2, 3);
    TaskBalance other = balance(Strategy.FAIR, 1);
    other.restore(balance.state());
    for (int step = 0; step < 3; step++) {
      assertEquals(total(balance, 1, 2 + step), total(other, 1, 2 + step));
    }
    assertThrows(IllegalArgumentException.class, () -> other.restore(new double[3]));
  }
}

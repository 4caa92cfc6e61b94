package dev.nightfuse.training.loss;

import static dev.nightfuse.training.loss.Numbers.assertGradient;
import static dev.nightfuse.training.loss.Numbers.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

final class TaskWeightsTest {

  @Test
  void alphaFair_of32_isTenWithSlope() {
    // 32^0.2 / 0.2 = 2 * 5; the slope is 32^-0.8 = 1/16.
    Tensor loss = Tensor.create(32.0).requires_grad_(true);
    Tensor fair = TaskWeights.alphaFair(loss, 0.8);
    fair.sum().backward();
    assertEquals(10, fair.item_double(), 1e-12);
    assertEquals(1 / 16.0, loss.grad().item_double(), 1e-12);
    assertGradient(x -> TaskWeights.alphaFair(x.abs(), 0.5).sum(), random(1, 3));
    assertThrows(IllegalArgumentException.class, () -> TaskWeights.alphaFair(loss, 1));
  }

  @Test
  void alphaFair_ofZero_isFinite() {
    Tensor loss = Tensor.create(0.0).requires_grad_(true);
    TaskWeights.alphaFair(loss, 0.8).sum().backward();
    assertEquals(true, Double.isFinite(loss.grad().item_double()));
  }

  @Test
  void dynamicAverage_ofADoubledLoss_weighsItUp() {
    // Ratios 2 and 1: 2 e^2 / (e^2 + e) = 2 e / (e + 1) at T = 1.
    double[] losses = {2, 3};
    double[] previous = {1, 3};
    double first = 2 * Math.E / (Math.E + 1);
    assertArrayEquals(
        new double[] {first, 2 - first}, TaskWeights.dynamicAverage(losses, previous, 1), 1e-12);
    // e^0.002 apart at T = 500: 2 / (1 + e^-0.002) = 1.00099999967.
    double[] weights = TaskWeights.dynamicAverage(losses, previous, 500);
    assertArrayEquals(new double[] {1.00099999967, 0.99900000033}, weights, 1e-10);
    double[] cold = TaskWeights.dynamicAverage(losses, previous, 0.001);
    assertArrayEquals(new double[] {2, 0}, cold, 1e-12);
  }

  @Test
  void uncertain_ofSix_addsTheLogarithm() {
    // 6 / (2 * 2) + ln 2 / 2.
    Tensor logVariance = Tensor.create(Math.log(2));
    Tensor loss = TaskWeights.uncertain(Tensor.create(6.0), logVariance);
    assertEquals(1.5 + Math.log(2) / 2, loss.item_double(), 1e-12);
    assertGradient(s -> TaskWeights.uncertain(Tensor.create(6.0), s).sum(), logVariance);
    assertGradient(l -> TaskWeights.uncertain(l, logVariance).sum(), Tensor.create(6.0));
  }

  @Test
  void alignment_ofTwoTokens_isTheMeanSquare() {
    // Means of the encodings .5 and 3, distances .5 and 1: (.25 + 1) / 2.
    Tensor fused = Tensor.create(new double[] {1, 2}, 1, 2, 1);
    Tensor visible = Tensor.create(new double[] {0, 2}, 1, 2, 1);
    Tensor infrared = Tensor.create(new double[] {1, 4}, 1, 2, 1);
    assertEquals(0.625, FeatureAlignment.of(fused, visible, infrared).item_double(), 1e-12);
    assertGradient(x -> FeatureAlignment.of(x, visible, infrared), fused);
  }

  @Test
  void terms_ofAPart_areListedUnderItsName() {
    Terms part = new Terms().add("a", 2, Tensor.create(3.0));
    Terms whole = new Terms().add("b", 1, Tensor.create(1.0)).add("part", 10, part);
    assertEquals(61, whole.total().item_double(), 1e-12);
    assertEquals("[b, part/a, part]", whole.values().keySet().toString());
    assertThrows(IllegalStateException.class, () -> new Terms().total());
  }
}

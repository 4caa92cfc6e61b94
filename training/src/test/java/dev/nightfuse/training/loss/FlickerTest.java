package dev.nightfuse.training.loss;

import static dev.nightfuse.training.loss.Numbers.assertGradient;
import static dev.nightfuse.training.loss.Numbers.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.training.torch.Natives;
import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class FlickerTest {

  private static final double LEVEL = 1 / 255.0;
  private static final int SIDE = 48;

  private final Flicker.Inputs before = inputs(1);
  private final Flicker.Inputs after = inputs(2);

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  /** Visible about 60, infrared about 140, each with noise of its own of up to 3 levels. */
  private static Flicker.Inputs inputs(long seed) {
    return new Flicker.Inputs(noisy(60, 2 * seed), noisy(140, 2 * seed + 1));
  }

  private static Tensor noisy(double level, long seed) {
    return random(seed, 2, 1, SIDE, SIDE).mul(new Scalar(3 * LEVEL)).add(new Scalar(level * LEVEL));
  }

  private double ratio(BinaryOperator<Tensor> fusion) {
    Tensor ratios =
        Flicker.ratio(
            fusion.apply(before.visible(), before.infrared()),
            fusion.apply(after.visible(), after.infrared()),
            before,
            after);
    assertEquals(2, ratios.numel());
    return ratios.mean().item_double();
  }

  /** The least change that is added to the inputs' makes each a little less. */
  @Test
  void ratio_brighterPixelTaken_isOne_andContrastCountsWithItsGain() {
    assertEquals(1, ratio(torch::maximum), 0.03);
    assertEquals(1.5, ratio((v, i) -> i.mul(new Scalar(1.5)).sub(new Scalar(70 * LEVEL))), 0.05);
  }

  @Test
  void ratio_mean_isLessBecauseNoiseCancels() {
    double mean = ratio((v, i) -> v.add(i).mul(new Scalar(0.5)));
    assertTrue(mean > 0.6 && mean < 0.8, "ratio " + mean);
  }

  @Test
  void ratio_whatMoves_doesNotCount() {
    Tensor moved = before.visible().clone();
    moved.narrow(3, 0, SIDE / 2).add_(new Scalar(50 * LEVEL));
    Flicker.Inputs scene = new Flicker.Inputs(moved, before.infrared());
    Tensor fused = torch.zeros_like(moved);
    // Louder where it moves only.
    Tensor loud = moved.sub(before.visible()).mul(new Scalar(4));
    double ratio = Flicker.ratio(fused, loud, before, scene).mean().item_double();
    assertEquals(0, ratio, 1e-9);
  }

  @Test
  void ratio_gradient_isThatOfDifferences() {
    Tensor offset = random(9, 2, 1, 3, 3).mul(new Scalar(LEVEL));
    Flicker.Inputs first = small(3);
    Flicker.Inputs second = small(4);
    assertGradient(
        // Brighter than both, so that the weights, which have no gradient, do not depend on it.
        x -> Flicker.ratio(first.infrared(), second.infrared().add(x.abs()), first, second).mean(),
        offset);
  }

  private static Flicker.Inputs small(long seed) {
    Flicker.Inputs whole = inputs(seed);
    return new Flicker.Inputs(cut(whole.visible()), cut(whole.infrared()));
  }

  private static Tensor cut(Tensor x) {
    return x.narrow(2, 0, 3).narrow(3, 0, 3);
  }
}

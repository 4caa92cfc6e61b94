package dev.nightfuse.training.loss;

import static dev.nightfuse.training.loss.Numbers.assertGradient;
import static dev.nightfuse.training.loss.Numbers.random;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.training.torch.Natives;
import java.util.function.IntToDoubleFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SeamsTest {

  private static final double LEVEL = 1 / 255.0;
  private static final int SIDE = 12;
  private static final int BLOCK = 4;

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  /** A picture whose columns have these levels. */
  private static Tensor columns(IntToDoubleFunction level) {
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (LEVEL * level.applyAsDouble(i % SIDE));
    }
    return Tensor.create(values, 1, 1, SIDE, SIDE);
  }

  private static double seams(Tensor fused, Tensor visible, Tensor infrared) {
    return Seams.of(fused, visible, infrared, BLOCK).item_double() / LEVEL;
  }

  @Test
  void of_stepBetweenBlocks_countsBeyondTheGreaterOneOfTheSources() {
    Tensor visible = columns(x -> 100 + x);
    Tensor infrared = columns(x -> 90 - 2 * x);
    // Of the two borders between columns, one has a step of 6 levels down and the sources 2.
    Tensor fused = columns(x -> x < 8 ? 100 + x : 93 + x);
    assertEquals((6 - 2) / 2.0, seams(fused, visible, infrared), 1e-3);
  }

  @Test
  void of_stepInsideABlock_isNone() {
    Tensor flat = columns(x -> 100);
    assertEquals(0, seams(columns(x -> x < 6 ? 100 : 120), flat, flat), 1e-6);
  }

  @Test
  void of_edgeOfASource_mayBeMadeStronger() {
    Tensor flat = columns(x -> 100);
    Tensor edge = columns(x -> x < 8 ? 100 : 105);
    assertEquals(0, seams(columns(x -> x < 8 ? 100 : 130), flat, edge), 1e-6);
  }

  @Test
  void gradient_isThatOfTheValue() {
    Tensor visible = random(1, 1, 1, 8, 8).mul(new Scalar(3 * LEVEL));
    Tensor infrared = random(2, 1, 1, 8, 8).mul(new Scalar(3 * LEVEL));
    assertGradient(
        fused -> Seams.of(fused, visible, infrared, BLOCK).mul(new Scalar(10)),
        random(3, 1, 1, 8, 8));
  }
}

package dev.nightfuse.training.loss;

import static dev.nightfuse.training.loss.Numbers.assertGradient;
import static dev.nightfuse.training.loss.Numbers.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nightfuse.training.torch.Natives;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ImitationTest {

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  /** Its level, and as much again for its eight edges. */
  @Test
  void of_onePixelApart_countsItTwice() {
    Tensor taught = torch.zeros(1, 1, 7, 7);
    Tensor fused = taught.clone();
    fused.narrow(2, 3, 1).narrow(3, 3, 1).fill_(new Scalar(0.49));
    assertEquals(0.02, Imitation.of(fused, taught).item_double(), 1e-6);
    assertEquals(0, Imitation.of(taught, taught).item_double());
  }

  @Test
  void of_teacherAlone_getsNoGradient() {
    Tensor taught = random(1, 1, 1, 6, 6).requires_grad_(true);
    Imitation.of(random(2, 1, 1, 6, 6).requires_grad_(true), taught).backward();
    assertFalse(taught.grad().defined());
  }

  @Test
  void of_gradient_isThatOfDifferences() {
    Tensor taught = random(3, 1, 1, 5, 5).sub(new Scalar(2));
    // Ever brighter towards one corner, so that no distance passes through 0.
    Tensor ramp =
        torch
            .arange(new Scalar(25))
            .reshape(1, 1, 5, 5)
            .to(taught.scalar_type())
            .mul(new Scalar(9))
            .add(random(4, 1, 1, 5, 5));
    assertGradient(x -> Imitation.of(x, taught), ramp);
  }
}

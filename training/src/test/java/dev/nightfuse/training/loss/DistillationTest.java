package dev.nightfuse.training.loss;

import static dev.nightfuse.training.loss.Numbers.assertGradient;
import static dev.nightfuse.training.loss.Numbers.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Worked example: two classes, four pixels, T = 4. The student is undecided everywhere; the
 * teacher's logits are 0 but for 4 ln 3 of class 0 at the first pixel.
 *
 * <pre>
 *   first pixel, softened: student 1/2 1/2, teacher 3/4 1/4; the other pixels agree
 *   PAPER         1/2 ln(2/3) + 1/2 ln 2                  = 0.1438410362
 *   RELEASED      16 (3/4 ln(3/2) + 1/4 ln(1/2)) / 4      = 0.5232481437
 *   CHANNEL_WISE  over pixels, class 0: teacher 3/6 1/6 1/6 1/6, student 1/4 each; class 1 agrees
 *                 16 (1/2 ln 2 + 3/6 ln(2/3)) / 2         = 1.1507282898
 * </pre>
 */
final class DistillationTest {

  @ParameterizedTest
  @CsvSource({"PAPER, 0.1438410362", "RELEASED, 0.5232481437", "CHANNEL_WISE, 1.1507282898"})
  void loss_ofTheWorkedExample_isItsValue(Distillation.Kind kind, double expected) {
    double[] logits = new double[8];
    Tensor student = Tensor.create(logits.clone(), 1, 2, 1, 4);
    logits[0] = 4 * Math.log(3);
    Tensor teacher = Tensor.create(logits, 1, 2, 1, 4);
    assertEquals(expected, new Distillation(kind, 4).of(student, teacher).item_double(), 1e-9);
  }

  @ParameterizedTest
  @EnumSource
  void gradient_ofTheStudent_matchesDifferences(Distillation.Kind kind) {
    Tensor teacher = random(1, 2, 3, 2, 2);
    assertGradient(x -> new Distillation(kind, 4).of(x, teacher), random(2, 2, 3, 2, 2));
  }

  @ParameterizedTest
  @EnumSource
  void gradient_ofTheTeacher_isNone(Distillation.Kind kind) {
    Tensor teacher = random(1, 2, 3, 2, 2).requires_grad_(true);
    Tensor student = random(2, 2, 3, 2, 2).requires_grad_(true);
    new Distillation(kind, 4).of(student, teacher).backward();
    assertFalse(teacher.grad().defined());
  }

  @Test
  void temperature_ofZero_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Distillation(Distillation.Kind.PAPER, 0));
  }
}

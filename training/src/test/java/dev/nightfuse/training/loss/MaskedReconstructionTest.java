package dev.nightfuse.training.loss;

import static dev.nightfuse.training.loss.Numbers.assertGradient;
import static dev.nightfuse.training.loss.Numbers.picture;
import static dev.nightfuse.training.loss.Numbers.random;
import static dev.nightfuse.training.loss.Numbers.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MaskedReconstructionTest {

  private static final double EXACT = 1e-7;

  @Test
  void paper_ofTwoByTwo_differentiatesMaskedPictures() {
    // Masked, the restored picture is 0 1 / 0 0 and the original is 0. Intensity 1 / 4.
    // Sobel of 0 1 / 0 0: Sx 2 0 1 0, Sy 0 0 1 2; absolute sum 6, / 4 = 1.5.
    Terms terms =
        MaskedReconstruction.of(Reading.PAPER)
            .terms(
                picture(row(0, 1), row(0, 1)),
                picture(row(0, 0), row(1, 1)),
                picture(row(1, 1), row(0, 0)));
    assertEquals(0.25, terms.values().get("intensity").item_double(), EXACT);
    assertEquals(1.5, terms.values().get("gradient").item_double(), EXACT);
    assertEquals(5 * 0.25 + 5 * 1.5, terms.total().item_double(), EXACT);
  }

  @Test
  void released_ofOneRow_masksSecondDerivatives() {
    // Constant along y, so only xx answers: -1 0 2 0 -1, scaled by 16 / (16 * 4) = 1/4.
    // The peak gives .25 0 .5 0 .25; under the mask .5 + .25, / 5 = 0.15. Intensity 1 / 5.
    Terms terms =
        MaskedReconstruction.of(Reading.RELEASED)
            .terms(
                picture(row(0, 0, 1, 0, 0)),
                picture(row(0, 0, 0, 0, 0)),
                picture(row(0, 0, 1, 1, 1)));
    assertEquals(0.2, terms.values().get("intensity").item_double(), EXACT);
    assertEquals(0.15, terms.values().get("gradient").item_double(), EXACT);
    assertEquals(1.75, terms.total().item_double(), EXACT);
  }

  @Test
  void secondOrder_ofADiagonalPair_crossesBothDirections() {
    // Impulse in the middle of 5x5: each filter's own weights, mirrored. At (0, 0):
    // xx = -1 * 1 / 64, yy the same, xy = 1 * 1 / 36; |xx| + |xy| + |yy| = 1/32 + 1/36.
    double[] none = new double[5];
    Tensor impulse = picture(none, none, row(0, 0, 1, 0, 0), none, none);
    Tensor magnitude = Derivatives.secondOrderMagnitude(impulse);
    double corner = magnitude.flatten().select(0, 0).item_double();
    assertEquals(1 / 32.0 + 1 / 36.0, corner, EXACT);
  }

  @ParameterizedTest
  @EnumSource
  void gradient_ofRandomPictures_matchesDifferences(Reading reading) {
    MaskedReconstruction loss = MaskedReconstruction.of(reading);
    Tensor original = random(1, 2, 1, 4, 5);
    Tensor mask = random(2, 2, 1, 4, 5).gt(Tensors.scalar(0)).to(original.scalar_type());
    assertGradient(x -> loss.terms(x, original, mask).total(), random(3, 2, 1, 4, 5));
  }

  @ParameterizedTest
  @EnumSource
  void visiblePatch_ofAnyContent_countsNothingInside(Reading reading) {
    Tensor original = picture(row(0, 1, 0), row(1, 0, 1));
    Tensor restored = picture(row(1, 0, 1), row(0, 1, 0));
    Tensor nothing = picture(row(0, 0, 0), row(0, 0, 0));
    Terms terms = MaskedReconstruction.of(reading).terms(restored, original, nothing);
    assertEquals(0, terms.total().item_double());
  }
}

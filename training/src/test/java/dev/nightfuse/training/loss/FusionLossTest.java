package dev.nightfuse.training.loss;

import static dev.nightfuse.training.loss.Numbers.assertGradient;
import static dev.nightfuse.training.loss.Numbers.picture;
import static dev.nightfuse.training.loss.Numbers.random;
import static dev.nightfuse.training.loss.Numbers.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Worked example. Sobel of a 2x2 picture a b / c d with zeros around, pixel by pixel:
 *
 * <pre>
 *   Sx: 2b+d, -2a-c, b+2d, -a-2c      Sy: -2c-d, -c-2d, 2a+b, a+2b      Laplacian: sum - 9 self
 *
 *   F = 0 1 / 0 1      Sx  3    0    3    0      Sy -1   -2    1    2      L  2   -7    2   -7
 *   V = 0 0 / 1 1      Sx  1   -1    2   -2      Sy -3   -3    0    0      L  2    2   -7   -7
 *   I = .5 everywhere  Sx  1.5 -1.5  1.5 -1.5    Sy -1.5 -1.5  1.5  1.5    L -2.5 at all
 *
 *   intensity    max(V, I) = .5 .5 / 1 1; distance to F .5 .5 1 0, mean 0.5
 *   magnitudes   F 4 2 4 2, max(V, I) 4 4 3 3, distance 0 2 1 1, mean 1
 *   directions   x: |F| 3 0 3 0, max 1.5 1.5 2 2, distance 6; y: |F| 1 2 1 2, max 3 3 1.5 1.5,
 *                distance 4; (6 + 4) / 4 = 2.5
 *   Laplacian    max(V, I) 2 2 -2.5 -2.5, distance 0 9 4.5 4.5, mean 4.5
 * </pre>
 */
final class FusionLossTest {

  private static final double EXACT = 1e-12;

  private final Tensor fused = picture(row(0, 1), row(0, 1));
  private final Tensor visible = picture(row(0, 0), row(1, 1));
  private final Tensor infrared = picture(row(.5, .5), row(.5, .5));

  @Test
  void mafs_paper_addsIntensityAndMagnitudes() {
    Terms terms = FusionLoss.mafs(Reading.PAPER).terms(fused, visible, infrared, null);
    assertEquals(0.5, terms.values().get("intensity").item_double(), EXACT);
    assertEquals(1, terms.values().get("gradient").item_double(), EXACT);
    assertEquals(1.5, terms.total().item_double(), EXACT);
  }

  @Test
  void mafs_released_comparesDirections() {
    Terms terms = FusionLoss.mafs(Reading.RELEASED).terms(fused, visible, infrared, null);
    assertEquals(5 * 0.5 + 2.5, terms.total().item_double(), EXACT);
  }

  @Test
  void mafs_releasedWithForeground_followsTheInfraredThere() {
    // At c the target is .5, not 1: the distances are .5 .5 .5 0, mean 0.375.
    Tensor foreground = picture(row(0, 0), row(1, 0));
    Terms terms = FusionLoss.mafs(Reading.RELEASED).terms(fused, visible, infrared, foreground);
    assertEquals(5 * 0.375 + 2.5, terms.total().item_double(), EXACT);
  }

  @Test
  void maeFuse_bothReadings_weighTheirTerms() {
    Terms paper = FusionLoss.maeFuse(Reading.PAPER).terms(fused, visible, infrared, null);
    Terms released = FusionLoss.maeFuse(Reading.RELEASED).terms(fused, visible, infrared, null);
    assertEquals(1.5, paper.total().item_double(), EXACT);
    assertEquals(1 + 2 * 4.5, released.total().item_double(), EXACT);
  }

  @ParameterizedTest
  @EnumSource
  void gradient_ofRandomPictures_matchesDifferences(FusionLoss.Edges edges) {
    FusionLoss loss = new FusionLoss(1, 2, 3, edges);
    Tensor v = random(1, 2, 1, 4, 5);
    Tensor i = random(2, 2, 1, 4, 5);
    Tensor mask = random(3, 2, 1, 4, 5);
    assertGradient(f -> loss.terms(f, v, i, mask).total(), random(4, 2, 1, 4, 5));
  }

  @Test
  void weights_negativeOrAllZero_areRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new FusionLoss(-1, 1, 0, FusionLoss.Edges.MAGNITUDE));
    assertThrows(
        IllegalArgumentException.class, () -> new FusionLoss(0, 0, 0, FusionLoss.Edges.MAGNITUDE));
  }
}

package dev.nightfuse.training.loss;

import static dev.nightfuse.training.loss.Numbers.assertGradient;
import static dev.nightfuse.training.loss.Numbers.labels;
import static dev.nightfuse.training.loss.Numbers.logitsOfClass0;
import static dev.nightfuse.training.loss.Numbers.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.bytedeco.javacpp.indexer.LongIndexer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SegmentationLossTest {

  private static final double EXACT = 1e-7;
  private static final double LN2 = Math.log(2);

  /** Two of eight pixels are kept at least. */
  private final OhemCrossEntropy ohem = new OhemCrossEntropy(0.75, 0.25);

  @Test
  void ohem_fewHardPixels_averagesTheLeastShare() {
    // Only .5 and .25 are below .75; the two largest losses are ln 4 and ln 2.
    Tensor logits = logitsOfClass0(.5, .25, .8, .9, .9, .9, .9, .9);
    double loss = ohem.of(logits, labels(0, 0, 0, 0, 0, 0, 0, 0)).item_double();
    assertEquals(1.5 * LN2, loss, EXACT);
  }

  @Test
  void ohem_manyHardPixels_averagesAllOfThem() {
    // ln 2, ln 4, ln 8: mean 2 ln 2.
    Tensor logits = logitsOfClass0(.5, .25, .125, .9, .9, .9, .9, .9);
    double loss = ohem.of(logits, labels(0, 0, 0, 0, 0, 0, 0, 0)).item_double();
    assertEquals(2 * LN2, loss, EXACT);
  }

  @Test
  void ohem_pixelWithoutLabel_isNotHard() {
    Tensor logits = logitsOfClass0(.5, .25, .125, .9, .9, .9, .9, .9);
    double loss = ohem.of(logits, labels(0, 0, 255, 0, 0, 0, 0, 0)).item_double();
    assertEquals(1.5 * LN2, loss, EXACT);
  }

  @Test
  void ohem_withoutAnyLabel_isZero() {
    double loss = ohem.of(logitsOfClass0(.5, .25), labels(255, 255)).item_double();
    assertEquals(0, loss);
  }

  @Test
  void ohem_gradient_matchesDifferences() {
    Tensor labels = labels(0, 2, 1, 255, 1, 0, 2, 2);
    assertGradient(x -> ohem.of(x, labels), random(1, 1, 3, 1, 8));
  }

  @Test
  void overlap_ofTwoClasses_isWhatIsMissingOfTheObject() {
    // Of class 1, .5 and .75 of two pixels are found and .5 beside them: 1.25 of 2.5, 16 of slack.
    Tensor logits = logitsOfClass0(.5, .5, .25, .1);
    double missing = ClassOverlap.missing(logits, labels(0, 1, 1, 255)).item_double();
    assertEquals(1.25 / 18.5, missing, EXACT);
  }

  @Test
  void overlap_classesThatTheLabelsLack_doNotCount() {
    Tensor logits = logitsOfClass0(.5, .25);
    assertEquals(0, ClassOverlap.missing(logits, labels(0, 0)).item_double());
    assertEquals(0, ClassOverlap.missing(logits, labels(255, 255)).item_double());
  }

  @Test
  void overlap_gradient_matchesDifferences() {
    Tensor labels = labels(0, 2, 1, 255, 1, 0, 2, 2);
    assertGradient(x -> ClassOverlap.missing(x, labels), random(1, 1, 3, 1, 8));
  }

  @Test
  void foreground_paper_sumsBothChannels() {
    // True classes have .5 .5 .25 (weights 1 1 3): (ln 2 + ln 2 + 3 ln 4) * 2 channels / 3 pixels.
    ForegroundLoss loss = new ForegroundLoss(Reading.PAPER, 1, 3);
    double value = loss.of(logitsOfClass0(.5, .5, .75, .1), labels(0, 0, 1, 255)).item_double();
    assertEquals(16 * LN2 / 3, value, EXACT);
  }

  @Test
  void foreground_released_dividesByTheWeights() {
    // (1 + 1 + 3 * 2) ln 2 / (1 + 1 + 3).
    ForegroundLoss loss = new ForegroundLoss(Reading.RELEASED, 1, 3);
    double value = loss.of(logitsOfClass0(.5, .5, .75, .1), labels(0, 0, 1, 255)).item_double();
    assertEquals(8 * LN2 / 5, value, EXACT);
  }

  @ParameterizedTest
  @EnumSource
  void foreground_gradient_matchesDifferences(Reading reading) {
    ForegroundLoss loss = ForegroundLoss.of(reading);
    assertGradient(x -> loss.of(x, labels(0, 1, 1, 255, 0)), random(1, 1, 2, 1, 5));
    assertEquals(0, loss.of(random(1, 1, 2, 1, 2), labels(255, 255)).item_double());
  }

  @Test
  void boundary_ofThreeLabelledPixels_isTheirMean() {
    // .5 .5 .25: (1 + 1 + 2) ln 2 / 3.
    double value =
        BoundaryLoss.of(logitsOfClass0(.5, .5, .75, .1), labels(0, 0, 1, 255)).item_double();
    assertEquals(4 * LN2 / 3, value, EXACT);
    assertEquals(0, BoundaryLoss.of(logitsOfClass0(.5), labels(255)).item_double());
    assertGradient(x -> BoundaryLoss.of(x, labels(0, 1, 255, 1)), random(1, 1, 2, 1, 4));
  }

  @Test
  void labelMaps_ofARow_markObjectsAndTheirEdges() {
    Tensor classes = labels(0, 0, 0, 0, 1, 1, 1, 1, 255);
    assertArrayEquals(
        new long[] {0, 0, 0, 0, 1, 1, 1, 1, 255}, values(LabelMaps.foreground(classes)));
    // Windows of two pixels to each side that hold 0 and 1: around 2, 3, 4 and 5.
    assertArrayEquals(
        new long[] {0, 0, 1, 1, 1, 1, 0, 0, 255}, values(LabelMaps.boundary(classes)));
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> new OhemCrossEntropy(1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new OhemCrossEntropy(0.7, 0));
    assertThrows(IllegalArgumentException.class, () -> new ForegroundLoss(Reading.PAPER, 0, 1));
  }

  private static long[] values(Tensor labels) {
    LongIndexer indexer = labels.flatten().createIndexer();
    long[] values = new long[(int) labels.numel()];
    indexer.get(0, values);
    return values;
  }
}

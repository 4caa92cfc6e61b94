package dev.nightfuse.engine.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/** Cases whose values follow from the definitions by hand. */
final class PairQualityTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final GrayImage BLACK = image((x, y) -> 0);
  private static final GrayImage WHITE = image((x, y) -> 255);

  /** One level more per column. */
  private static final GrayImage RAMP = image((x, y) -> x);

  private static final GrayImage FALLING = image((x, y) -> 63 - x);
  private static final GrayImage TILTED = image((x, y) -> 2 * y);
  private static final GrayImage HALVES = image((x, y) -> x < WIDTH / 2 ? 20 : 220);
  private static final GrayImage TEXTURE = image((x, y) -> (x * 7 + y * 13 + x * y) % 120);

  private static GrayImage image(IntBinaryOperator level) {
    byte[] levels = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) level.applyAsInt(i % WIDTH, i / WIDTH);
    }
    return new GrayImage(WIDTH, HEIGHT, levels);
  }

  private static double measure(
      Metric metric, GrayImage fused, GrayImage infrared, GrayImage visible) {
    return new PairQuality(infrared, visible).measure(fused).get(metric);
  }

  @Test
  void entropy_twoEquallyFrequentLevels_isOneBit() {
    assertEquals(1, measure(Metric.EN, HALVES, BLACK, BLACK), 1e-12);
    assertEquals(0, measure(Metric.EN, WHITE, BLACK, BLACK), 1e-12);
    assertEquals(6, measure(Metric.EN, RAMP, BLACK, BLACK), 1e-12);
  }

  @Test
  void standardDeviation_twoHalves_isHalfTheirDistance() {
    assertEquals(100, measure(Metric.SD, HALVES, BLACK, BLACK), 1e-9);
  }

  @Test
  void spatialFrequency_oneLevelPerColumn_isOne() {
    assertEquals(1, measure(Metric.SF, RAMP, BLACK, BLACK), 1e-12);
    assertEquals(Math.sqrt(5), measure(Metric.SF, image((x, y) -> x + 2 * y), BLACK, BLACK), 1e-12);
  }

  @Test
  void averageGradient_ramp_countsBordersLikeTheInside() {
    assertEquals(Math.sqrt(0.5), measure(Metric.AG, RAMP, BLACK, BLACK), 1e-12);
    assertEquals(Math.sqrt(2), measure(Metric.AG, TILTED, BLACK, BLACK), 1e-12);
  }

  @Test
  void mutualInformation_oneSourceCopied_isItsEntropyInNats() {
    assertEquals(Math.log(2), measure(Metric.MI, HALVES, HALVES, TILTED), 1e-9);
    assertEquals(2 * Math.log(2), measure(Metric.MI, HALVES, HALVES, HALVES), 1e-12);
  }

  @Test
  void correlation_sourcesThatOppose_cancelOut() {
    assertEquals(0, measure(Metric.CC, RAMP, RAMP, FALLING), 1e-12);
    assertEquals(1, measure(Metric.CC, RAMP, RAMP, RAMP), 1e-12);
    assertTrue(Double.isNaN(measure(Metric.CC, RAMP, RAMP, BLACK)), "a flat source has no CC");
  }

  @Test
  void correlationCeiling_independentSources_isReachedByTheirSum() {
    // Unrelated and equally strong: the best any picture can do is 1 / sqrt(2) with each.
    GrayImage columns = image((x, y) -> 40 * (x % 2));
    GrayImage rows = image((x, y) -> 40 * (y % 2));
    GrayImage sum = image((x, y) -> 40 * (x % 2) + 40 * (y % 2));

    assertEquals(Math.sqrt(0.5), new PairQuality(columns, rows).correlationCeiling(), 1e-12);
    assertEquals(Math.sqrt(0.5), measure(Metric.CC, sum, columns, rows), 1e-12);
  }

  @Test
  void scd_sumOfTheSources_isTwo() {
    GrayImage sum = image((x, y) -> x + 2 * y);
    assertEquals(2, measure(Metric.SCD, sum, RAMP, TILTED), 1e-12);
  }

  @Test
  void vif_everythingKept_isTwoAndNothingKeptIsZero() {
    assertEquals(2, measure(Metric.VIF, TEXTURE, TEXTURE, TEXTURE), 1e-9);
    assertEquals(0, measure(Metric.VIF, WHITE, TEXTURE, TEXTURE), 1e-12);
  }

  @Test
  void vif_flatSource_countsAsKept() {
    assertEquals(2, measure(Metric.VIF, TEXTURE, TEXTURE, BLACK), 1e-9);
  }

  @Test
  void qabf_copy_reachesTheBoundOfItsFormula() {
    // Strength counts fully (quirk of equal strengths), the angle is right: 1 in its sigmoid.
    double bound = 0.9994 * 0.9879 / (1 + Math.exp(-22 * 0.2));
    assertEquals(bound, measure(Metric.QABF, HALVES, HALVES, HALVES), 1e-9);
  }

  @Test
  void qabf_noEdgeKept_isNearlyZero() {
    // Ratio 0; an edge between columns has angle 0 and the flat picture's counts as a right angle.
    double atColumns = 0.9994 / (1 + Math.exp(7.5)) * 0.9879 / (1 + Math.exp(17.6));
    GrayImage inside = image((x, y) -> x == 30 && y > 2 && y < 40 ? 200 : 0);
    double value = measure(Metric.QABF, BLACK, inside, inside);
    assertTrue(value >= atColumns && value < 1e-3, "Qabf " + value);
  }

  @Test
  void ssim_flatPictures_comparesMeansOnly() {
    double c1 = 0.01 * 255 * 0.01 * 255;
    assertEquals(2 * c1 / (255 * 255 + c1), measure(Metric.SSIM, WHITE, BLACK, BLACK), 1e-12);
    assertEquals(2, measure(Metric.SSIM, TEXTURE, TEXTURE, TEXTURE), 1e-12);
  }

  @Test
  void measure_picturesThatDiffer_areRefused() {
    GrayImage small = new GrayImage(41, 41, new byte[41 * 41]);
    PairQuality pair = new PairQuality(RAMP, TILTED);

    IllegalArgumentException sizes =
        assertThrows(IllegalArgumentException.class, () -> pair.measure(small));
    assertEquals("pictures differ in size: 41 x 41 and 64 x 48", sizes.getMessage());
    GrayImage tiny = new GrayImage(40, 60, new byte[2400]);
    IllegalArgumentException tooSmall =
        assertThrows(IllegalArgumentException.class, () -> new PairQuality(tiny, tiny));
    assertEquals("picture of 40 x 60 is too small for VIF: 41 at least", tooSmall.getMessage());
  }

  @Test
  void measure_smallestPictures_workAtEveryScale() {
    GrayImage smallest = new GrayImage(41, 41, new byte[41 * 41]);
    assertEquals(2, measure(Metric.VIF, smallest, smallest, smallest), 1e-12);
  }

  @Test
  void trivialFusion_averageAndMax_roundAsTheTablesDo() {
    GrayImage a = image((x, y) -> 10);
    GrayImage b = image((x, y) -> 251);
    assertEquals(131, TrivialFusion.AVERAGE.fuse(a, b).level(0));
    assertEquals(251, TrivialFusion.MAX.fuse(a, b).level(0));
  }
}

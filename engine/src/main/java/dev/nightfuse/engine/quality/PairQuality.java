package dev.nightfuse.engine.quality;

/**
 * Measures fused pictures of one pair. What depends on the sources alone is computed once, so
 * several fusions of a pair cost little more than one. Safe for every thread once built.
 */
public final class PairQuality {

  /** Shortest side that the coarsest scale of VIF can work with. */
  public static final int MIN_SIDE_PX = FidelityPyramid.MIN_SIDE_PX;

  private final GrayImage infrared;
  private final GrayImage visible;
  private final EdgeMap infraredEdges;
  private final EdgeMap visibleEdges;
  private final FidelityPyramid infraredPyramid;
  private final FidelityPyramid visiblePyramid;

  /**
   * @throws IllegalArgumentException when the pictures differ in size or are too small
   */
  public PairQuality(GrayImage infrared, GrayImage visible) {
    infrared.requireSizeOf(visible);
    this.infrared = infrared;
    this.visible = visible;
    infraredEdges = EdgeMap.of(infrared);
    visibleEdges = EdgeMap.of(visible);
    infraredPyramid = FidelityPyramid.of(infrared);
    visiblePyramid = FidelityPyramid.of(visible);
  }

  public QualityScores measure(GrayImage fused) {
    fused.requireSizeOf(visible);
    return new QualityScores(metric -> measure(metric, fused));
  }

  private double measure(Metric metric, GrayImage fused) {
    return switch (metric) {
      case EN -> Information.entropyBits(fused);
      case SD -> Sharpness.standardDeviation(fused);
      case SF -> Sharpness.spatialFrequency(fused);
      case AG -> Sharpness.averageGradient(fused);
      case MI -> Information.sharedNats(fused, infrared) + Information.sharedNats(fused, visible);
      case CC -> (Correlation.pearson(infrared, fused) + Correlation.pearson(visible, fused)) / 2;
      case SCD -> Correlation.ofDifferences(fused, infrared, visible);
      case VIF -> {
        FidelityPyramid pyramid = FidelityPyramid.of(fused);
        yield infraredPyramid.fidelityOf(pyramid) + visiblePyramid.fidelityOf(pyramid);
      }
      case QABF -> EdgeMap.edgesKept(infraredEdges, visibleEdges, EdgeMap.of(fused));
      case SSIM ->
          StructuralSimilarity.of(fused, infrared) + StructuralSimilarity.of(fused, visible);
    };
  }

  /**
   * The CC that no fusion of this pair can exceed: unit vectors a and b add up to at most sqrt(2 +
   * 2 a.b) in the direction of any third.
   */
  public double correlationCeiling() {
    return Math.sqrt((1 + Correlation.pearson(infrared, visible)) / 2);
  }
}

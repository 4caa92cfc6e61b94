package dev.nightfuse.training.stage;

import dev.nightfuse.training.loss.FusionLoss;
import dev.nightfuse.training.loss.Reading;
import dev.nightfuse.training.settings.Settings;
import java.util.function.Function;

/** The fusion loss as a file describes it: a reading, of which single weights can be replaced. */
final class FusionLossSettings {

  private static final double LARGEST_WEIGHT = 1e6;

  private FusionLossSettings() {}

  /**
   * @param section with the key {@code reading}, which the caller has read
   */
  static FusionLoss read(Settings section, Reading reading, Function<Reading, FusionLoss> of) {
    FusionLoss base = of.apply(reading);
    double intensity = section.number("intensity", base.intensityWeight(), 0, LARGEST_WEIGHT);
    double gradient = section.number("gradient", base.gradientWeight(), 0, LARGEST_WEIGHT);
    double laplacian = section.number("laplacian", base.laplacianWeight(), 0, LARGEST_WEIGHT);
    FusionLoss.Edges edges = section.choice("edges", base.edges());
    if (intensity + gradient + laplacian == 0) {
      section.problem("intensity", "0, and so are gradient and laplacian: one must be above 0");
      return base;
    }
    return new FusionLoss(intensity, gradient, laplacian, edges);
  }
}

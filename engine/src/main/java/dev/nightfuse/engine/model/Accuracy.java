package dev.nightfuse.engine.model;

import dev.nightfuse.engine.CheckLimits;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import java.nio.file.Files;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the outputs of two models are apart.
 *
 * @param fusedMean mean difference of the fused luma in grey levels of 255
 * @param fusedWorst largest difference of the fused luma in grey levels
 * @param labelsChanged share of pixels with another class; empty unless both have classes
 */
public record Accuracy(double fusedMean, int fusedWorst, OptionalDouble labelsChanged) {

  static final String FP16 = "fp16";
  static final String INT8 = "int8";

  private static final double MOST_MEAN = 0.5;
  private static final int MOST_WORST = 8;
  private static final double MOST_LABELS = 0.01;

  /** On photographs 0.3 levels are usual; the formula pairs are rougher than those. */
  private static final double MOST_MEAN_INT8 = 1;

  /**
   * The formula pairs show nothing of any class, so that a little noise decides between classes
   * there: several times as many labels change as on photographs.
   */
  private static final double MOST_LABELS_INT8 = 0.05;

  private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";

  /** What {@link #toString} writes into {@code model.yaml}. */
  private static final Pattern WRITTEN =
      Pattern.compile(
          "fused mean %s, worst ([0-9]{1,3}) grey levels(?:; labels changed %s %%)?"
              .formatted(NUMBER, NUMBER));

  /**
   * Refuses an FP16 or INT8 model whose measured error is above the limits; reads what is declared
   * and runs nothing. One of ours, which its recorded outputs tell, must have been measured; others
   * say of their accuracy what they like.
   *
   * @throws EngineException naming the model, its error and the limits
   */
  static ModelFile requireWithinLimits(ModelFile model) throws EngineException {
    ModelManifest manifest = model.manifest();
    String precision = manifest.precision();
    if (!precision.equals(FP16) && !precision.equals(INT8)) {
      return model;
    }
    Matcher written = WRITTEN.matcher(manifest.accuracy());
    if (!written.matches()) {
      if (!Files.exists(model.onnx().resolveSibling(GoldenFile.NAME))) {
        return model;
      }
      throw new EngineException(
          "model %s is %s and declares no measured error (accuracy: \"%s\"); import it again"
              .formatted(manifest.name(), precision.toUpperCase(Locale.ROOT), manifest.accuracy()));
    }
    Accuracy declared =
        new Accuracy(
            Double.parseDouble(written.group(1)),
            Integer.parseInt(written.group(2)),
            written.group(3) == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(written.group(3)) / 100));
    if (!declared.withinLimits(precision)) {
      throw new EngineException(
          "model %s in %s is too far from FP32: %s; allowed are %s"
              .formatted(
                  manifest.name(),
                  precision.toUpperCase(Locale.ROOT),
                  declared,
                  declared.limits(precision)));
    }
    return model;
  }

  /** Whether a model of this precision may differ so much from its FP32 form. */
  public boolean withinLimits(String precision) {
    return fusedMean <= mostMean(precision)
        && fusedWorst <= MOST_WORST
        && labelsChanged.orElse(0) <= mostLabels(precision);
  }

  private static double mostMean(String precision) {
    return precision.equals(INT8) ? MOST_MEAN_INT8 : MOST_MEAN;
  }

  private static double mostLabels(String precision) {
    return precision.equals(INT8) ? MOST_LABELS_INT8 : MOST_LABELS;
  }

  /** The limits of what was measured, in words. */
  public String limits(String precision) {
    String fused =
        String.format(
            Locale.ROOT,
            "fused mean %.1f and worst %d grey levels",
            mostMean(precision),
            MOST_WORST);
    return labelsChanged.isEmpty()
        ? fused
        : String.format(
            Locale.ROOT, "%s, %.0f %% of the labels", fused, 100 * mostLabels(precision));
  }

  /** How near a backend must come to FP32 each time it is opened. */
  static CheckLimits check(String precision) {
    return precision.equals(INT8)
        ? new CheckLimits(CheckLimits.DEFAULT.fusedPsnrDb(), 1 - MOST_LABELS_INT8)
        : CheckLimits.DEFAULT;
  }

  public boolean exact() {
    return fusedWorst == 0 && labelsChanged.orElse(0) == 0;
  }

  @Override
  public String toString() {
    String fused =
        String.format(Locale.ROOT, "fused mean %.4f, worst %d grey levels", fusedMean, fusedWorst);
    return labelsChanged.isEmpty()
        ? fused
        : String.format(
            Locale.ROOT, "%s; labels changed %.4f %%", fused, 100 * labelsChanged.getAsDouble());
  }
}

package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the outputs of two models are apart.
 *
 * @param fusedMean mean difference of the fused luma in grey levels of 255
 * @param fusedWorst largest difference of the fused luma in grey levels
 * @param labelsChanged share of pixels with another class
 */
public record Accuracy(double fusedMean, int fusedWorst, double labelsChanged) {

  private static final double MOST_MEAN = 0.5;
  private static final int MOST_WORST = 8;
  private static final double MOST_LABELS = 0.01;

  /** What a model may differ from its FP32 form before it is refused. */
  public static final String LIMITS = "fused mean 0.5 and worst 8 grey levels, 1 % of the labels";

  private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";

  /** What {@link #toString} writes into {@code model.yaml}. */
  private static final Pattern WRITTEN =
      Pattern.compile(
          "fused mean %s, worst ([0-9]{1,3}) grey levels; labels changed %s %%"
              .formatted(NUMBER, NUMBER));

  /**
   * Refuses an FP16 model whose measured error is above the limits or was never measured; reads
   * what is declared and runs nothing.
   *
   * @throws EngineException naming the model, its error and the limits
   */
  static ModelFile requireWithinLimits(ModelFile model) throws EngineException {
    ModelManifest manifest = model.manifest();
    if (!manifest.precision().equals("fp16")) {
      return model;
    }
    Matcher written = WRITTEN.matcher(manifest.accuracy());
    if (!written.matches()) {
      throw new EngineException(
          "model %s is FP16 and declares no measured error (accuracy: \"%s\"); import it again"
              .formatted(manifest.name(), manifest.accuracy()));
    }
    Accuracy declared =
        new Accuracy(
            Double.parseDouble(written.group(1)),
            Integer.parseInt(written.group(2)),
            Double.parseDouble(written.group(3)) / 100);
    if (!declared.withinLimits()) {
      throw new EngineException(
          "model %s in FP16 is too far from FP32: %s; allowed are %s"
              .formatted(manifest.name(), declared, LIMITS));
    }
    return model;
  }

  public boolean withinLimits() {
    return fusedMean <= MOST_MEAN && fusedWorst <= MOST_WORST && labelsChanged <= MOST_LABELS;
  }

  public boolean exact() {
    return fusedWorst == 0 && labelsChanged == 0;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "fused mean %.4f, worst %d grey levels; labels changed %.4f %%",
        fusedMean,
        fusedWorst,
        100 * labelsChanged);
  }
}

package dev.nightfuse.engine;

import java.util.Locale;

/**
 * How an engine's outputs compare with those of the FP32 reference.
 *
 * @param fusedPsnrDb worst peak signal-to-noise ratio of a fused plane; infinite when equal
 * @param labelsEqual lowest share of label pixels of the same class; 1 when the model does not
 *     segment
 * @param limits what is demanded
 */
public record EngineCheck(double fusedPsnrDb, double labelsEqual, CheckLimits limits) {

  public boolean passed() {
    return fusedPsnrDb >= limits.fusedPsnrDb() && labelsEqual >= limits.labelsEqual();
  }

  /** The worse of both, figure by figure. */
  public EngineCheck and(EngineCheck other) {
    return new EngineCheck(
        Math.min(fusedPsnrDb, other.fusedPsnrDb), Math.min(labelsEqual, other.labelsEqual), limits);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "fused PSNR %s (at least %.1f dB), labels equal %.3f %% (at least %.1f %%)",
        Double.isInfinite(fusedPsnrDb)
            ? "infinite"
            : String.format(Locale.ROOT, "%.2f dB", fusedPsnrDb),
        limits.fusedPsnrDb(),
        100 * labelsEqual,
        100 * limits.labelsEqual());
  }
}

package dev.nightfuse.engine;

/**
 * How near an engine must come to the FP32 reference outputs of its model.
 *
 * @param fusedPsnrDb lowest peak signal-to-noise ratio of a fused plane in dB
 * @param labelsEqual lowest share of label pixels of the same class, 0 to 1
 */
public record CheckLimits(double fusedPsnrDb, double labelsEqual) {

  /** An error of 2.5 grey levels throughout, one label of a hundred. */
  public static final CheckLimits DEFAULT = new CheckLimits(40, 0.99);

  public CheckLimits {
    if (!(fusedPsnrDb >= 0 && fusedPsnrDb <= 100 && labelsEqual >= 0 && labelsEqual <= 1)) {
      throw new IllegalArgumentException(
          "limits of %s dB and %s of the labels; 0 to 100 and 0 to 1 are allowed"
              .formatted(fusedPsnrDb, labelsEqual));
    }
  }
}

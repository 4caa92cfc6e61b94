package dev.nightfuse.engine.quality;

/** The fusion metrics. Higher counts as better for all of them. */
public enum Metric {
  EN("EN", 3, "entropy of the fused picture, bits"),
  SD("SD", 2, "standard deviation"),
  SF("SF", 2, "spatial frequency"),
  AG("AG", 3, "average gradient; some tables state sqrt(2) times this"),
  MI("MI", 3, "mutual information with both sources, summed, nats"),
  CC("CC", 3, "correlation with the sources, mean"),
  SCD("SCD", 3, "sum of the correlations of differences"),
  VIF("VIF", 3, "visual information fidelity to both sources, summed"),
  QABF("Qabf", 3, "edges kept"),
  SSIM("SSIM", 3, "structural similarity to both sources, summed: 2 at most");

  private final String label;
  private final int decimals;
  private final String meaning;

  Metric(String label, int decimals, String meaning) {
    this.label = label;
    this.decimals = decimals;
    this.meaning = meaning;
  }

  /** Name as in tables. */
  public String label() {
    return label;
  }

  /** Decimals worth printing. */
  public int decimals() {
    return decimals;
  }

  public String meaning() {
    return meaning;
  }
}

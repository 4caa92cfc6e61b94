package dev.nightfuse.fusion;

/**
 * Why a fused frame is less than it should be. Shown on the picture, in metadata, metrics and
 * health.
 */
public enum Degradation {
  VISIBLE_LOST("NO VISIBLE", "no visible frames: the thermal picture alone is shown"),
  VISIBLE_FROZEN(
      "VISIBLE FROZEN",
      "the visible camera repeats its picture: the thermal picture alone is shown"),
  INFRARED_LOST("NO THERMAL", "no thermal frames: the visible picture alone is shown"),
  FFC(
      "THERMAL FFC",
      "thermal shutter closed, or the camera repeats its picture: the last thermal frame is held"),
  INFRARED_HELD("THERMAL HELD", "the last thermal frame is reused beyond one of its periods"),
  SKEW("UNMATCHED", "no thermal frame within the tolerance: the visible picture alone is shown"),
  ENGINE_SLOW(
      "ENGINE SLOW",
      "the engine is slower than the cameras: its last picture stays until the next"),
  ENGINE_FALLBACK(
      "FALLBACK FUSION", "the configured engine failed or hangs: a simple blend is shown"),
  REGISTRATION_DOUBTFUL("ALIGNMENT?", "thermal and visible edges do not agree"),
  ENDED("RECORDING ENDED", "recordings are at their end: the last picture stays");

  private final String label;
  private final String meaning;

  Degradation(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** Upper-case text for the picture. */
  public String label() {
    return label;
  }

  public String meaning() {
    return meaning;
  }
}

package dev.nightfuse.fusion;

/**
 * Why a fused frame is less than it should be. Shown on the picture, in metadata, metrics and
 * health.
 */
public enum Degradation {
  /** No visible frames: the thermal picture alone is shown. */
  VISIBLE_LOST("NO VISIBLE"),
  /** The visible camera repeats its picture: the thermal picture alone is shown. */
  VISIBLE_FROZEN("VISIBLE FROZEN"),
  /** No thermal frames: the visible picture alone is shown. */
  INFRARED_LOST("NO THERMAL"),
  /** Thermal shutter closed, or the camera repeats its picture: the last thermal frame is held. */
  FFC("THERMAL FFC"),
  /** The last thermal frame is reused beyond one of its periods. */
  INFRARED_HELD("THERMAL HELD"),
  /** No thermal frame within the tolerance: the visible picture alone is shown. */
  SKEW("UNMATCHED"),
  /** The engine is slower than the cameras: its last picture stays until the next. */
  ENGINE_SLOW("ENGINE SLOW"),
  /** The configured engine failed or hangs: a simple blend is shown. */
  ENGINE_FALLBACK("FALLBACK FUSION"),
  /** Thermal and visible edges do not agree. */
  REGISTRATION_DOUBTFUL("ALIGNMENT?"),
  /** Recordings are at their end: the last picture stays. */
  ENDED("RECORDING ENDED");

  private final String label;

  Degradation(String label) {
    this.label = label;
  }

  /** Upper-case text for the picture. */
  public String label() {
    return label;
  }
}

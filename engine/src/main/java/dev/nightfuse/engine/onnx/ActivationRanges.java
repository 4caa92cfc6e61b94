package dev.nightfuse.engine.onnx;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which numbers occur at the points of a network where bytes stand for them in INT8: measured once
 * with many pictures, then valid for graphs of every size.
 *
 * @param byPoint range of each point, see {@link OnnxOps#observe()}
 */
public record ActivationRanges(Map<String, Range> byPoint) {

  /** The largest byte; bytes count from 0. */
  private static final int STEPS = 255;

  /**
   * Numbers from low to high, always with 0 among them: padding is 0 and must be exact.
   *
   * @param low at most 0
   * @param high at least 0
   */
  public record Range(float low, float high) {

    public Range {
      if (!(low <= 0 && high >= 0) || Float.isInfinite(high - low)) {
        throw new IllegalArgumentException(
            "range %s to %s; finite numbers with 0 between them are allowed".formatted(low, high));
      }
    }

    /** What one step of the byte is worth. */
    public float scale() {
      // Where nothing but 0 occurs any step will do.
      return high > low ? (high - low) / STEPS : 1;
    }

    /** The byte that means 0. */
    public int zeroPoint() {
      return (int) Math.rint(-low / (double) scale());
    }

    /** The nearest number that a byte can mean. */
    public double rounded(double value) {
      double steps = Math.rint(value / scale()) + zeroPoint();
      return (Math.max(0, Math.min(STEPS, steps)) - zeroPoint()) * scale();
    }
  }

  public ActivationRanges {
    byPoint = Map.copyOf(byPoint);
  }

  /**
   * @throws IllegalArgumentException when the point was not measured
   */
  Range of(String point) {
    Range range = byPoint.get(point);
    if (range == null) {
      throw new IllegalArgumentException(
          "no range for %s; there are ranges for %s"
              .formatted(point, new TreeMap<>(byPoint).keySet()));
    }
    return range;
  }
}

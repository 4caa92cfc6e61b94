package dev.nightfuse.engine.quality;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A value for each {@link Metric}; NaN where a metric is not defined, as for a flat picture. */
public final class QualityScores {

  private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

  QualityScores(ToDoubleFunction<Metric> value) {
    for (Metric metric : Metric.values()) {
      values.put(metric, value.applyAsDouble(metric));
    }
  }

  public double get(Metric metric) {
    return values.getOrDefault(metric, Double.NaN);
  }
}

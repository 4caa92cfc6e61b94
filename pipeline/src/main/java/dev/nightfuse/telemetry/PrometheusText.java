package dev.nightfuse.telemetry;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Writes samples in Prometheus' text format 0.0.4 (prometheus.io, "Exposition formats"). All
 * samples of a metric stand together whatever the order they are added in. One thread, one use.
 */
final class PrometheusText {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Half a millisecond to ten seconds: a frame at 30 per second lasts 33 ms. */
  private static final long[] BOUNDS_US = {
    500,
    1_000,
    2_000,
    3_000,
    5_000,
    8_000,
    12_000,
    16_000,
    20_000,
    25_000,
    33_000,
    40_000,
    50_000,
    66_000,
    100_000,
    150_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    10_000_000
  };

  private final Map<Metric, StringBuilder> samples = new EnumMap<>(Metric.class);

  /** A counter or gauge. */
  void sample(Metric metric, double value, String... labelValues) {
    line(metric, "", number(value), labels(metric, labelValues));
  }

  /** A counter or gauge that is a whole number. */
  void sample(Metric metric, long value, String... labelValues) {
    line(metric, "", Long.toString(value), labels(metric, labelValues));
  }

  /** A histogram of nanoseconds, written in seconds. */
  void histogram(Metric metric, Histogram nanoseconds, String... labelValues) {
    String labels = labels(metric, labelValues);
    String separator = labels.isEmpty() ? "" : ",";
    long below = 0;
    long from = 0;
    for (long boundUs : BOUNDS_US) {
      long boundNs = boundUs * 1_000;
      below += countBetween(nanoseconds, from, boundNs);
      from = boundNs + 1;
      line(
          metric,
          "_bucket",
          Long.toString(below),
          labels + separator + "le=\"" + number(boundUs / 1e6) + "\"");
    }
    long count = nanoseconds.getTotalCount();
    line(metric, "_bucket", Long.toString(count), labels + separator + "le=\"+Inf\"");
    line(metric, "_sum", number(count == 0 ? 0 : nanoseconds.getMean() * count / 1e9), labels);
    line(metric, "_count", Long.toString(count), labels);
  }

  /**
   * Values of the histogram are known to two digits. A cell that straddles a bound belongs to the
   * bucket that holds its lower end, so that no value is counted twice.
   */
  private static long countBetween(Histogram histogram, long from, long to) {
    long low = from == 0 ? 0 : histogram.nextNonEquivalentValue(from - 1);
    long high = to;
    return low > high ? 0 : histogram.getCountBetweenValues(low, high);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(8_192);
    samples.forEach(
        (metric, lines) ->
            out.append("# HELP ")
                .append(metric.metricName())
                .append(' ')
                .append(metric.help())
                .append("\n# TYPE ")
                .append(metric.metricName())
                .append(' ')
                .append(metric.kind().label())
                .append('\n')
                .append(lines));
    return out.toString();
  }

  private void line(Metric metric, String suffix, String value, String labels) {
    StringBuilder out = samples.computeIfAbsent(metric, m -> new StringBuilder(256));
    out.append(metric.metricName()).append(suffix);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(value).append('\n');
  }

  private static String labels(Metric metric, String... values) {
    List<String> names = metric.labels();
    if (values.length != names.size()) {
      throw new IllegalArgumentException(
          "%s has labels %s, given %d values".formatted(metric.metricName(), names, values.length));
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : ",").append(names.get(i)).append("=\"");
      out.append(values[i].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
      out.append('"');
    }
    return out.toString();
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}

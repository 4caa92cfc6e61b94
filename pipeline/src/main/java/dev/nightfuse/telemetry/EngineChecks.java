package dev.nightfuse.telemetry;

import java.util.Map;
import java.util.TreeMap;

/** What engines found about themselves, by size of their pictures. Safe for every thread. */
final class EngineChecks {

  /** Prometheus knows infinity, its users' alarms do not. */
  private static final double MOST_PSNR_DB = 100;

  private record Reading(long checks, long failures, double psnrDb, double labelsEqual) {}

  private final Map<String, Reading> bySize = new TreeMap<>();

  synchronized void add(String size, double psnrDb, double labelsEqual, boolean passed) {
    Reading before = bySize.getOrDefault(size, new Reading(0, 0, 0, 0));
    bySize.put(
        size,
        new Reading(
            before.checks + 1,
            before.failures + (passed ? 0 : 1),
            Math.min(MOST_PSNR_DB, psnrDb),
            labelsEqual));
  }

  synchronized void write(PrometheusText out) {
    bySize.forEach(
        (size, reading) -> {
          out.sample(Metric.ENGINE_CHECKS, reading.checks, size);
          out.sample(Metric.ENGINE_CHECK_FAILURES, reading.failures, size);
          out.sample(Metric.ENGINE_CHECK_PSNR, reading.psnrDb, size);
          out.sample(Metric.ENGINE_CHECK_LABELS, reading.labelsEqual, size);
        });
  }
}

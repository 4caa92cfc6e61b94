package dev.nightfuse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Proves that docs/metrics.md lists what there is; {@code -Dnightfuse.update=true} writes it. */
final class MetricsPageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("nightfuse.root", ".."), "docs/metrics.md");

  @Test
  void page_shipped_isThatOfTheCode() throws Exception {
    StringBuilder page =
        new StringBuilder(
            """
            # Metrics

            `GET /metrics` on the dashboard's port answers in Prometheus' text format. Counts and histograms are
            since start; rates are the reader's business (`rate(nightfuse_fused_frames_total[10s])`). A shared
            stage has an empty `rig` label.

            This page is made from the program's own list by a test.

            | metric | kind | labels | meaning |
            |---|---|---|---|
            """);
    for (Metric metric : Metric.values()) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  metric.metricName(),
                  metric.kind().label(),
                  String.join(", ", metric.labels()),
                  metric.help()));
    }
    if (Boolean.getBoolean("nightfuse.update")) {
      Files.writeString(PAGE, page.toString());
    }
    assertEquals(page.toString(), Files.readString(PAGE));
  }

  @Test
  void names_all_followTheConventions() {
    Set<String> names = new HashSet<>();
    for (Metric metric : Metric.values()) {
      String name = metric.metricName();
      assertTrue(names.add(name), name + " twice");
      assertTrue(name.matches("nightfuse_[a-z_]+"), name);
      assertEquals(metric.kind() == Metric.Kind.COUNTER, name.endsWith("_total"), name);
    }
  }
}

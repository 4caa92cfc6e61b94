package dev.nightfuse.telemetry;

import dev.nightfuse.frame.FrameClock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Everything the program counts, in one place: the answers of {@code /api/v1/status} and {@code
 * /metrics}. Owns no thread; reading costs the reader.
 *
 * <p>Safe for every thread. Times are on the injected clock.
 */
public final class Telemetry {

  /** MIME type of {@link #metrics()}. */
  public static final String METRICS_CONTENT_TYPE = PrometheusText.CONTENT_TYPE;

  private final String version;
  private final FrameClock clock;
  private final long startedNs;
  private final List<RigTelemetry> rigs = new CopyOnWriteArrayList<>();
  private final List<StageMetrics> shared = new CopyOnWriteArrayList<>();
  private final EngineChecks engineChecks = new EngineChecks();
  private volatile @Nullable Long certificateEndsWallS;

  public Telemetry(String version, FrameClock clock) {
    this.version = version;
    this.clock = clock;
    this.startedNs = clock.nowNs();
  }

  /**
   * Adds a rig.
   *
   * @param degradationKinds all values of the enum that names degradations
   */
  public RigTelemetry rig(String name, Enum<?>[] degradationKinds) {
    RigTelemetry rig = new RigTelemetry(name, degradationKinds, clock);
    rigs.add(rig);
    return rig;
  }

  /**
   * Metrics for a stage that is not a rig's own.
   *
   * @param rig for which it works, or "" for something that all rigs share
   */
  public StageMetrics stage(String rig, String stage) {
    StageMetrics metrics = new StageMetrics(rig, stage);
    shared.add(metrics);
    return metrics;
  }

  /**
   * An engine ran a known pair.
   *
   * @param size size of its pictures, such as {@code 640x480}
   * @param fusedPsnrDb against the FP32 result; infinite when equal
   * @param labelsEqual share of equal label pixels
   * @param passed whether both are within the model's limits
   */
  public void engineChecked(String size, double fusedPsnrDb, double labelsEqual, boolean passed) {
    engineChecks.add(size, fusedPsnrDb, labelsEqual, passed);
  }

  /**
   * The servers show a certificate.
   *
   * @param wallS when it expires, in seconds since 1970
   */
  public void certificateEnds(long wallS) {
    certificateEndsWallS = wallS;
  }

  /**
   * {@code starting} until every rig had its first picture, {@code failed} when a rig has none any
   * more, {@code degraded} when a picture is less than it should be, else {@code ok}.
   */
  public String health() {
    boolean degraded = false;
    boolean starting = false;
    for (RigTelemetry rig : rigs) {
      if (rig.hasFailed()) {
        return "failed";
      }
      starting |= rig.sinceLastPictureNs() < 0;
      degraded |= rig.isDegraded();
    }
    return starting ? "starting" : degraded ? "degraded" : "ok";
  }

  public StatusSnapshot snapshot() {
    return new StatusSnapshot(
        version, uptimeMs(), health(), rigs.stream().map(RigTelemetry::snapshot).toList());
  }

  /** The text of {@code /metrics}. */
  public String metrics() {
    PrometheusText out = new PrometheusText();
    out.sample(Metric.BUILD_INFO, 1, version);
    out.sample(Metric.UPTIME, uptimeMs() / 1000.0);
    String health = health();
    for (String state : List.of("starting", "ok", "degraded", "failed")) {
      out.sample(Metric.HEALTH, state.equals(health) ? 1 : 0, state);
    }
    rigs.forEach(rig -> rig.write(out));
    shared.forEach(stage -> write(out, stage));
    engineChecks.write(out);
    Long ends = certificateEndsWallS;
    if (ends != null) {
      out.sample(Metric.CERTIFICATE_LEFT, ends - clock.wallNowNs() / 1_000_000_000L);
    }
    LogCounts.write(out, LoggerFactory.getILoggerFactory());
    ProcessFacts.write(out);
    return out.toString();
  }

  private long uptimeMs() {
    return (clock.nowNs() - startedNs) / 1_000_000;
  }

  static void write(PrometheusText out, StageMetrics stage) {
    out.histogram(Metric.STAGE_DURATION, stage.durationsNs(), stage.rig(), stage.stage());
    out.sample(Metric.STAGE_DROPPED, stage.droppedCount(), stage.rig(), stage.stage());
  }

  static StatusSnapshot.@Nullable Percentiles percentilesMs(Histogram nanoseconds) {
    if (nanoseconds.getTotalCount() == 0) {
      return null;
    }
    return new StatusSnapshot.Percentiles(
        ms(nanoseconds.getValueAtPercentile(50)),
        ms(nanoseconds.getValueAtPercentile(95)),
        ms(nanoseconds.getValueAtPercentile(99)),
        ms(nanoseconds.getMaxValue()));
  }

  /** Whole hundredths: what lies below is noise. */
  private static double ms(long ns) {
    return rounded(ns / 1e6);
  }

  static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** The name of an enum value as a label: {@code infrared-lost}. */
  static String label(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

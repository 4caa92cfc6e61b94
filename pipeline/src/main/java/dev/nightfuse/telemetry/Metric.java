package dev.nightfuse.telemetry;

import java.util.List;
import java.util.Locale;

/**
 * Every metric of {@code /metrics}: name, kind, meaning, labels. This list is the manual: {@code
 * docs/metrics.md} is made from it.
 */
enum Metric {
  BUILD_INFO("build_info", Kind.GAUGE, "Always 1; the label tells the version.", "version"),
  UPTIME("uptime_seconds", Kind.GAUGE, "Time since start."),
  HEALTH(
      "health_state",
      Kind.GAUGE,
      "1 for the present state: starting, ok, degraded or failed; 0 for the others.",
      "state"),
  FUSED_FRAMES("fused_frames_total", Kind.COUNTER, "Fused frames made.", "rig"),
  DEGRADED_FRAMES(
      "degraded_frames_total",
      Kind.COUNTER,
      "Fused frames that were less than they should be, by reason.",
      "rig",
      "degradation"),
  DEGRADATION_ACTIVE(
      "degradation_active",
      Kind.GAUGE,
      "1 while the last fused frame was less than it should be, by reason.",
      "rig",
      "degradation"),
  PAIR_SKEW(
      "pair_skew_seconds",
      Kind.HISTOGRAM,
      "Distance of the two capture times of a matched pair.",
      "rig"),
  CAPTURE_TO_SEND(
      "capture_to_send_seconds",
      Kind.HISTOGRAM,
      "Time from capture to the moment the encoded picture reaches the outputs.",
      "rig"),
  STAGE_DURATION(
      "stage_duration_seconds",
      Kind.HISTOGRAM,
      "Time that a stage worked on one frame; its count is the number of frames.",
      "rig",
      "stage"),
  STAGE_DROPPED(
      "stage_dropped_total",
      Kind.COUNTER,
      "Frames or units that went no further than this stage.",
      "rig",
      "stage"),
  CAMERA_STATE(
      "camera_state",
      Kind.GAUGE,
      "1 for the present state: connecting, ready, ffc, frozen, lost or ended; 0 for the others.",
      "rig",
      "camera",
      "state"),
  CAMERA_FRAMES("camera_frames_total", Kind.COUNTER, "Frames that arrived.", "rig", "camera"),
  CAMERA_LOST(
      "camera_lost_frames_total",
      Kind.COUNTER,
      "Frames lost before they reached the program, or for want of memory.",
      "rig",
      "camera"),
  CAMERA_UNMATCHED(
      "camera_unmatched_frames_total",
      Kind.COUNTER,
      "Frames that were not shown at their own time, by reason.",
      "rig",
      "camera",
      "reason"),
  CAMERA_RECONNECTS(
      "camera_reconnects_total",
      Kind.COUNTER,
      "Times the camera was opened again.",
      "rig",
      "camera"),
  STREAM_VIEWERS("stream_viewers", Kind.GAUGE, "Viewers now.", "rig", "view"),
  STREAM_UNITS("stream_units_total", Kind.COUNTER, "Encoded pictures.", "rig", "view"),
  STREAM_BYTES("stream_bytes_total", Kind.COUNTER, "Size of the encoded pictures.", "rig", "view"),
  STREAM_DROPPED(
      "stream_dropped_units_total",
      Kind.COUNTER,
      "Encoded pictures that slow viewers lost, summed over viewers.",
      "rig",
      "view"),
  RECORDING_ACTIVE("recording_active", Kind.GAUGE, "1 while recording.", "rig"),
  RECORDING_BYTES("recording_bytes", Kind.GAUGE, "Size of the recording's present file.", "rig"),
  RECORDING_DROPPED(
      "recording_dropped_units_total",
      Kind.COUNTER,
      "Encoded pictures that a slow disk made the recording lose; each recording begins at 0.",
      "rig"),
  RECORDING_DELETED(
      "recording_deleted_files_total",
      Kind.COUNTER,
      "Oldest recordings deleted to make room.",
      "rig"),
  RECORDED_PAIRS(
      "recorded_pairs_total",
      Kind.COUNTER,
      "Aligned pairs of pictures kept while recording.",
      "rig"),
  ENGINE_CHECKS(
      "engine_checks_total",
      Kind.COUNTER,
      "Known pairs that an engine ran between live ones, to be compared with their FP32 result.",
      "size"),
  ENGINE_CHECK_FAILURES(
      "engine_check_failures_total",
      Kind.COUNTER,
      "Such comparisons beyond the model's limits; the engine is opened again then.",
      "size"),
  ENGINE_CHECK_PSNR(
      "engine_check_fused_psnr_db",
      Kind.GAUGE,
      "Peak signal-to-noise ratio of the last comparison's fused picture; 100 when equal.",
      "size"),
  ENGINE_CHECK_LABELS(
      "engine_check_labels_equal_ratio",
      Kind.GAUGE,
      "Share of label pixels that were the same in the last comparison.",
      "size"),
  CERTIFICATE_LEFT(
      "tls_certificate_left_seconds",
      Kind.GAUGE,
      "Time until the servers' TLS certificate expires, negative when it has; absent without TLS."),
  LOG_LINES(
      "log_lines_total", Kind.COUNTER, "Lines of the log of the levels warn and error.", "level"),
  RESIDENT_BYTES("process_resident_bytes", Kind.GAUGE, "Memory of the process."),
  CPU_SECONDS("process_cpu_seconds_total", Kind.COUNTER, "CPU time used by the process."),
  OPEN_FILES("process_open_files", Kind.GAUGE, "Open file descriptors of the process.");

  /** How Prometheus reads it. */
  enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String name;
  private final Kind kind;
  private final String help;

  /** Separated by commas: an enum holds nothing that could change. */
  private final String labels;

  Metric(String name, Kind kind, String help, String... labels) {
    this.name = "nightfuse_" + name;
    this.kind = kind;
    this.help = help;
    this.labels = String.join(",", labels);
  }

  String metricName() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(",", -1));
  }
}

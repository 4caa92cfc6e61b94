package dev.nightfuse.telemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /api/v1/status}: everything an operator or a supervisor asks, at one moment.
 * Field names are the JSON names.
 *
 * @param version program version
 * @param uptimeMs time since start
 * @param health {@code starting}, {@code ok}, {@code degraded} or {@code failed}
 * @param rigs one entry per rig
 */
public record StatusSnapshot(String version, long uptimeMs, String health, List<Rig> rigs) {

  /**
   * One rig.
   *
   * @param degradations names of {@link dev.nightfuse.fusion.Degradation}, empty when all is well
   * @param skewMs distance of the capture times of a matched pair; null when none was matched
   * @param captureToSendMs latency from capture to the moment the access unit reaches the outputs;
   *     null when none did
   */
  public record Rig(
      String name,
      int widthPx,
      int heightPx,
      double fusedFps,
      long fusedFrames,
      Camera visible,
      Camera infrared,
      @Nullable Percentiles skewMs,
      @Nullable Percentiles captureToSendMs,
      List<String> degradations,
      String engine,
      String model,
      List<String> classes,
      List<Stage> stages,
      List<Stream> streams,
      Recording recording) {}

  /**
   * One camera of a rig.
   *
   * @param state {@code CONNECTING}, {@code READY}, {@code FFC}, {@code FROZEN}, {@code LOST} or
   *     {@code ENDED}
   * @param message why it is lost, ended or frozen, or ""
   * @param unmatched frames that were not shown at their own time, but for {@code leftOut}
   * @param leftOut frames that newer ones overtook while the rig was busy
   */
  public record Camera(
      String uri,
      String state,
      String message,
      double fps,
      long frames,
      long lost,
      long unmatched,
      long leftOut,
      long reconnects) {}

  /** Distribution of a quantity over the last minute; there is none where there was no value. */
  public record Percentiles(double p50, double p95, double p99, double max) {}

  /**
   * One stage.
   *
   * @param durationMs how long it worked on one frame; null when it did not
   */
  public record Stage(
      String name, long processed, long dropped, @Nullable Percentiles durationMs) {}

  /**
   * One view.
   *
   * @param encoder name of the encoder while the view is watched, else ""
   */
  public record Stream(
      String view, int viewers, long units, long dropped, double kbitPerS, String encoder) {}

  /**
   * The recorder of a rig.
   *
   * @param bytes of the present file
   * @param dropped encoded pictures that this recording lost because the disk was slow
   * @param pairs aligned pairs of pictures kept since the program began
   * @param deleted old recordings deleted to make room since the program began
   * @param error why it stopped, or why pairs are not written, or ""
   */
  public record Recording(
      boolean active,
      String view,
      String file,
      long bytes,
      long dropped,
      long pairs,
      long deleted,
      String error) {

    /** The same with what became of pairs; the recording's own error goes first. */
    public Recording withPairs(long kept, String pairsError) {
      return new Recording(
          active, view, file, bytes, dropped, kept, deleted, error.isEmpty() ? pairsError : error);
    }
  }
}

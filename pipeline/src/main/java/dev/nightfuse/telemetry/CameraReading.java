package dev.nightfuse.telemetry;

import java.util.Map;

/**
 * What a camera and its synchronizer count, at one moment. All counts are since start.
 *
 * @param uri address without credentials
 * @param state {@code CONNECTING}, {@code READY}, {@code FFC}, {@code FROZEN}, {@code LOST} or
 *     {@code ENDED}
 * @param message why it is lost, ended or frozen, or ""
 * @param frames frames that arrived
 * @param lost frames lost before they arrived, or for want of memory
 * @param unmatched frames not shown at their own time, by reason; reasons stay the same
 * @param leftOut those of them that newer ones overtook while the rig was busy
 * @param reconnects times it was opened again
 */
public record CameraReading(
    String uri,
    String state,
    String message,
    long frames,
    long lost,
    Map<String, Long> unmatched,
    long leftOut,
    long reconnects) {

  /** Frames that found no partner in time, for whatever reason but a busy rig. */
  long withoutPartner() {
    return unmatched.values().stream().mapToLong(Long::longValue).sum() - leftOut;
  }
}

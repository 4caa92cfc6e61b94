package dev.nightfuse.app;

import dev.nightfuse.config.RigConfig;
import dev.nightfuse.registration.TimeOffset;
import dev.nightfuse.sync.SyncSettings;
import java.util.Locale;

/**
 * What is taken off the time stamps of a rig's cameras ({@code offset_ms}), against what was found.
 * Immutable.
 */
final class CalibratedTimes {

  /** A difference that no setting needs to follow: a third of half a usual frame. */
  private static final double SLIGHT_MS = 5;

  /** What the configuration allows. */
  private static final double LONGEST_WAIT_MS = 1000;

  private final RigConfig rig;
  private final double visibleMs;
  private final double infraredMs;

  /** As the rig is configured. */
  CalibratedTimes(RigConfig rig) {
    this(rig, rig.visible().offsetMs(), rig.infrared().offsetMs());
  }

  private CalibratedTimes(RigConfig rig, double visibleMs, double infraredMs) {
    this.rig = rig;
    this.visibleMs = visibleMs;
    this.infraredMs = infraredMs;
  }

  /** How much more has to be taken off the infrared camera's stamps, or less. */
  double missingMs(TimeOffset.Found found) {
    return found.offsetMs() - (infraredMs - visibleMs);
  }

  /** With what was found taken off the camera that is later; both keep what they have in common. */
  CalibratedTimes corrected(TimeOffset.Found found) {
    double laterMs = Math.rint(found.offsetMs());
    double commonMs = Math.min(rig.visible().offsetMs(), rig.infrared().offsetMs());
    return new CalibratedTimes(
        rig, commonMs + Math.max(0, -laterMs), commonMs + Math.max(0, laterMs));
  }

  /** To match by, patient enough for these offsets. */
  SyncSettings sync() {
    return LiveRig.syncSettings(
        rig.sync(),
        Math.round(waitMs() * 1e6),
        Math.round(visibleMs * 1e6),
        Math.round(infraredMs * 1e6));
  }

  /**
   * A visible frame comes before the infrared one of its moment by the difference of offsets, and
   * before its partner by up to the tolerance more.
   */
  private double waitMs() {
    double aheadMs = infraredMs - visibleMs;
    double waitMs = rig.sync().waitMs();
    return aheadMs > 0 && aheadMs + rig.sync().toleranceMs() > waitMs
        ? Math.min(Math.ceil(aheadMs) + waitMs, LONGEST_WAIT_MS)
        : waitMs;
  }

  /** In words, on one line. */
  String said(TimeOffset.Found found) {
    if (!found.reliable()) {
      return "how far the cameras' time stamps are apart cannot be told: too little moved before both, or they were"
          + " looked through for less than %d seconds".formatted(TimeOffset.LEAST_S);
    }
    return String.format(
        Locale.ROOT,
        "thermal time stamps are %.0f ms (+- %.0f) %s than visible ones of the same moment; the configuration takes off %.0f",
        Math.abs(found.offsetMs()),
        Math.max(1, found.spreadMs()),
        found.offsetMs() < 0 ? "earlier" : "later",
        rig.infrared().offsetMs() - rig.visible().offsetMs());
  }

  /** What to set for the rig, by lines; empty where nothing needs to change. */
  String settings(TimeOffset.Found found) {
    CalibratedTimes now = new CalibratedTimes(rig);
    if (!found.reliable() || Math.abs(now.missingMs(found)) <= SLIGHT_MS) {
      return "";
    }
    CalibratedTimes wanted = now.corrected(found);
    StringBuilder lines = new StringBuilder();
    if (wanted.visibleMs != now.visibleMs) {
      lines.append("  visible.offset_ms: %.0f\n".formatted(wanted.visibleMs));
    }
    if (wanted.infraredMs != now.infraredMs) {
      lines.append("  infrared.offset_ms: %.0f\n".formatted(wanted.infraredMs));
    }
    if (wanted.waitMs() != rig.sync().waitMs()) {
      lines.append("  sync.wait_ms: %.0f\n".formatted(wanted.waitMs()));
    }
    return lines.toString();
  }
}

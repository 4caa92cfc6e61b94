package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A loss that happens once to a camera and outlives the source that suffered it, as a pulled plug
 * does: until it is over, opening the camera fails. Safe for every thread.
 */
final class Outage {

  private static final long NEVER = Long.MIN_VALUE;

  private final long atNs;
  private final long forNs;
  private final AtomicLong firstOpenNs = new AtomicLong(NEVER);
  private final AtomicLong lostNs = new AtomicLong(NEVER);

  Outage(long atNs, long forNs) {
    this.atNs = atNs;
    this.forNs = forNs;
  }

  /** Called when a source starts to run. */
  void opening(CameraSettings settings) throws CameraException {
    long now = settings.clock().nowNs();
    firstOpenNs.compareAndSet(NEVER, now);
    long lost = lostNs.get();
    if (lost != NEVER && now - lost < forNs) {
      throw new CameraException(
          "%s (%s): no such camera now (simulated loss)"
              .formatted(settings.name(), settings.uri()));
    }
  }

  /**
   * Called before each frame.
   *
   * @param elapsedNs time since the camera was first opened, as its pacing counts it
   */
  void check(CameraSettings settings, long elapsedNs) throws CameraException {
    if (elapsedNs >= atNs && lostNs.compareAndSet(NEVER, settings.clock().nowNs())) {
      throw new CameraException(
          "%s (%s): camera lost (simulated loss)".formatted(settings.name(), settings.uri()));
    }
  }

  long sinceFirstOpenNs(long nowNs) {
    return nowNs - firstOpenNs.get();
  }
}

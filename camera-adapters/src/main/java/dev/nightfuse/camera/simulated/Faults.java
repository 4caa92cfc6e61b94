package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.Modality;

/**
 * How one camera misbehaves: pure functions of seed, modality, frame number and time, so that a run
 * can be repeated exactly.
 */
final class Faults {

  private final SimulatedOptions options;
  private final boolean infrared;
  private final long stream;

  Faults(SimulatedOptions options, Modality modality) {
    this.options = options;
    this.infrared = modality == Modality.INFRARED;
    this.stream = infrared ? 1001 : 1000;
  }

  boolean drops(long frame) {
    return options.drop() > 0
        && Hash.unit(Hash.of(options.seed(), stream, frame), 0) < options.drop();
  }

  /** Whether no frames come because the shutter is closed. */
  boolean pauses(long timeNs) {
    return infrared && !options.ffcRepeats() && stoppedForNs(timeNs) >= 0;
  }

  /**
   * When the picture was exposed that a camera which repeats gives out at a time, at the latest.
   */
  long seenNs(long timeNs) {
    long stoppedForNs = stoppedForNs(timeNs);
    return stoppedForNs >= 0 ? timeNs - stoppedForNs - 1 : timeNs;
  }

  /**
   * Since when the infrared camera's shutter is closed or the visible one hangs, or less than 0; it
   * goes on at multiples of the interval.
   */
  private long stoppedForNs(long timeNs) {
    long every = infrared ? options.ffcEveryNs() : options.freezeEveryNs();
    long lengthNs = infrared ? options.ffcNs() : options.freezeForNs();
    return every > 0 ? Math.floorMod(timeNs, every) - (every - lengthNs) : -1;
  }

  /** The capture time the camera tells for a frame truly exposed at {@code timeNs}. */
  long stampNs(long frame, long timeNs, long startNs) {
    long stamp = timeNs;
    if (infrared) {
      stamp += options.skewNs() + (long) ((timeNs - startNs) * options.driftPpm() * 1e-6);
    }
    if (options.jitterNs() > 0) {
      float unit = Hash.unit(Hash.of(options.seed(), stream, frame), 1);
      stamp += (long) ((2 * unit - 1) * options.jitterNs());
    }
    return stamp;
  }
}

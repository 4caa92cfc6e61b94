package dev.nightfuse.app;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * Whether every rig of the program moves. A rig that has never shown a picture is still starting,
 * which may take as long as its cameras and its engine want.
 *
 * <p>One thread.
 */
final class RigWatch {

  private final List<LongSupplier> rigs;

  /** What each rig had done when all were last found to have moved. */
  private final long[] before;

  /**
   * @param rigs what each rig has done so far, {@link RigLoop#movements()}
   */
  RigWatch(List<LongSupplier> rigs) {
    this.rigs = List.copyOf(rigs);
    this.before = new long[rigs.size()];
  }

  /** Whether any rig has shown a picture. */
  boolean begun() {
    return rigs.stream().anyMatch(rig -> rig.getAsLong() > 0);
  }

  /** Whether each rig that has begun has moved since this was last so. */
  boolean allMoved() {
    long[] now = rigs.stream().mapToLong(LongSupplier::getAsLong).toArray();
    for (int i = 0; i < now.length; i++) {
      if (now[i] > 0 && now[i] == before[i]) {
        return false;
      }
    }
    System.arraycopy(now, 0, before, 0, now.length);
    return true;
  }
}

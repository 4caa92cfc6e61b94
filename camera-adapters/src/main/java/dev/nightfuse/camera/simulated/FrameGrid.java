package dev.nightfuse.camera.simulated;

/**
 * Exposure times of a camera: frame {@code n} at {@code n} periods on the clock's own axis, without
 * accumulating error. Cameras with the same rate expose together, wherever they start.
 */
record FrameGrid(int fpsMilli) {

  /** Exactly {@link #fpsMilli} frames fit into this time. */
  private static final long BLOCK_NS = 1_000_000_000_000L;

  long timeNs(long frame) {
    long block = Math.floorDiv(frame, fpsMilli);
    long within = frame - block * fpsMilli;
    return block * BLOCK_NS + within * BLOCK_NS / fpsMilli;
  }

  /** The last frame whose time is not after {@code ns}. */
  long frameUntil(long ns) {
    return frameFrom(ns + 1) - 1;
  }

  /** The first frame whose time is not before {@code ns}. */
  long frameFrom(long ns) {
    long block = Math.floorDiv(ns, BLOCK_NS);
    long within = ns - block * BLOCK_NS;
    long frame = block * fpsMilli + within * fpsMilli / BLOCK_NS;
    while (timeNs(frame) < ns) {
      frame++;
    }
    return frame;
  }
}

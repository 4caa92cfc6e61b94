package dev.nightfuse.frame;

import org.jspecify.annotations.Nullable;

/**
 * The pool of one camera, kept from one opening to the next: Java gives native memory back when it
 * next collects all of its heap, which may be days away, and cameras are lost more often.
 *
 * <p>Safe for every thread.
 */
public final class FramePools {

  private final int frames;
  private @Nullable FramePool last;

  /**
   * @param frames frames of each pool
   */
  public FramePools(int frames) {
    this.frames = frames;
  }

  /** The pool of the last call if it has this format, or else a new one. */
  public synchronized FramePool of(FrameFormat format) {
    FramePool pool = last;
    if (pool == null || !pool.format().equals(format)) {
      // Where memory is short, frames that nobody needs any more may go first.
      last = null;
      pool = new FramePool(format, frames);
      last = pool;
    }
    return pool;
  }
}

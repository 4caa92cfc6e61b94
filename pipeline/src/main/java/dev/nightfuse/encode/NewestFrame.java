package dev.nightfuse.encode;

import dev.nightfuse.fusion.FusedFrame;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A place for one frame: a newer one takes the place of an older one. Safe for every thread. */
final class NewestFrame {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable FusedFrame frame;
  private boolean closed;

  /** Puts a frame and returns the one that has to be released for it, if any. */
  @Nullable FusedFrame put(FusedFrame newest) {
    lock.lock();
    try {
      if (closed) {
        return newest;
      }
      FusedFrame displaced = frame;
      frame = newest;
      changed.signal();
      return displaced;
    } finally {
      lock.unlock();
    }
  }

  /** The frame, or null when none came within the time or this was closed. */
  @Nullable FusedFrame take(long timeoutMs) throws InterruptedException {
    lock.lock();
    try {
      long leftNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
      while (frame == null && !closed && leftNs > 0) {
        leftNs = changed.awaitNanos(leftNs);
      }
      FusedFrame taken = frame;
      frame = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more and wakes the taker. Returns the frame that has to be released, if any. */
  @Nullable FusedFrame close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
      FusedFrame left = frame;
      frame = null;
      return left;
    } finally {
      lock.unlock();
    }
  }
}

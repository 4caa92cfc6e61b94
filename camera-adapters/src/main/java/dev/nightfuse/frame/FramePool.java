package dev.nightfuse.frame;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of frames of one format. Native memory is taken once, here, and nothing is
 * allocated afterwards. An empty pool means that someone downstream holds too much: live producers
 * drop and count, offline ones wait.
 *
 * <p>Safe for every thread. The memory is the garbage collector's once the pool and all its frames
 * are unreachable.
 */
public final class FramePool {

  private final FrameFormat format;
  private final ArrayBlockingQueue<Frame> free;
  private final AtomicInteger leased = new AtomicInteger();

  public FramePool(FrameFormat format, int capacity) {
    this.format = format;
    this.free = new ArrayBlockingQueue<>(capacity);
    for (int i = 0; i < capacity; i++) {
      free.add(new Frame(this, format));
    }
  }

  /** A frame with one reference, or null when all are out. Never waits. */
  public @Nullable Frame tryBorrow() {
    Frame frame = free.poll();
    return frame == null ? null : lend(frame);
  }

  /**
   * A frame with one reference, or null when none came back within the time. For offline producers.
   */
  public @Nullable Frame borrow(long timeoutMs) throws InterruptedException {
    Frame frame = free.poll(timeoutMs, TimeUnit.MILLISECONDS);
    return frame == null ? null : lend(frame);
  }

  private Frame lend(Frame frame) {
    leased.incrementAndGet();
    frame.borrowed();
    return frame;
  }

  void giveBack(Frame frame) {
    leased.decrementAndGet();
    free.add(frame);
  }

  public FrameFormat format() {
    return format;
  }

  /** Frames that are out now. Zero after everything stopped, or something leaks. */
  public int leased() {
    return leased.get();
  }
}

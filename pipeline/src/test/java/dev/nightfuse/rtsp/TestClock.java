package dev.nightfuse.rtsp;

import dev.nightfuse.frame.FrameClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that a test moves by hand, monotonic and wall separately. */
final class TestClock implements FrameClock {
  private final AtomicLong nowNs = new AtomicLong(5_000_000_000L);
  private final AtomicLong wallNs = new AtomicLong(1_790_000_000_000_000_000L);

  @Override
  public long nowNs() {
    return nowNs.get();
  }

  @Override
  public long wallNowNs() {
    return wallNs.get();
  }

  void advance(Duration by) {
    nowNs.addAndGet(by.toNanos());
    wallNs.addAndGet(by.toNanos());
  }

  /** Moves the wall clock alone, as chrony or an operator would. */
  void stepWall(Duration by) {
    wallNs.addAndGet(by.toNanos());
  }
}

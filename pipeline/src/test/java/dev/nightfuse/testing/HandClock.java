package dev.nightfuse.testing;

import dev.nightfuse.frame.FrameClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that a test moves by hand, monotonic and wall separately. */
public final class HandClock implements FrameClock {

  private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);
  private final AtomicLong wallNs = new AtomicLong(1_795_001_000_000_000_000L);

  @Override
  public long nowNs() {
    return nowNs.get();
  }

  @Override
  public long wallNowNs() {
    return wallNs.get();
  }

  public void advance(Duration by) {
    nowNs.addAndGet(by.toNanos());
    wallNs.addAndGet(by.toNanos());
  }

  public void advanceMs(long ms) {
    advance(Duration.ofMillis(ms));
  }

  /** Moves the wall clock alone, as chrony or an operator would. */
  public void stepWall(Duration by) {
    wallNs.addAndGet(by.toNanos());
  }
}

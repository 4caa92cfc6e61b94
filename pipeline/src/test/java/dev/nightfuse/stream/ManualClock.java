package dev.nightfuse.stream;

import dev.nightfuse.frame.FrameClock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that tests advance by hand. */
public final class ManualClock implements FrameClock {

  private static final long WALL_OFFSET_NS = 1_795_000_000_000_000_000L;

  private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);

  public void advanceMs(long ms) {
    nowNs.addAndGet(ms * 1_000_000);
  }

  @Override
  public long nowNs() {
    return nowNs.get();
  }

  @Override
  public long wallNowNs() {
    return nowNs.get() + WALL_OFFSET_NS;
  }
}

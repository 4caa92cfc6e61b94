package dev.nightfuse.camera.simulated;

import dev.nightfuse.frame.FrameClock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test advances. */
final class HandClock implements FrameClock {

  private final AtomicLong nowNs;

  HandClock(long startNs) {
    nowNs = new AtomicLong(startNs);
  }

  void advanceMs(long ms) {
    nowNs.addAndGet(ms * 1_000_000);
  }

  @Override
  public long nowNs() {
    return nowNs.get();
  }

  @Override
  public long wallNowNs() {
    return nowNs.get();
  }
}

package dev.nightfuse.camera.testing;

import dev.nightfuse.frame.FrameClock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is advanced. */
public final class ManualClock implements FrameClock {

  private final AtomicLong nowNs;

  public ManualClock(long nowNs) {
    this.nowNs = new AtomicLong(nowNs);
  }

  public void advance(long ns) {
    nowNs.addAndGet(ns);
  }

  public void advanceMs(long ms) {
    advance(ms * 1_000_000);
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

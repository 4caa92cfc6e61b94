package dev.nightfuse.telemetry;

import dev.nightfuse.frame.FrameClock;

/** Time that stands still until it is moved. */
final class FakeClock implements FrameClock {

  private long nowNs = 1_000_000_000_000L;

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public long wallNowNs() {
    return nowNs;
  }

  void advanceMs(long ms) {
    nowNs += ms * 1_000_000;
  }
}

package dev.nightfuse.frame;

import java.time.Instant;

/** The only place that reads the machine's clocks. */
enum SystemClock implements FrameClock {
  INSTANCE;

  @Override
  public long nowNs() {
    return System.nanoTime();
  }

  @Override
  public long wallNowNs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}

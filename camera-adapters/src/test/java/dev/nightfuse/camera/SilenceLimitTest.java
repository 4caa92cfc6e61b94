package dev.nightfuse.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SilenceLimitTest {

  private final SilenceLimit limit = new SilenceLimit(900);
  private long nowNs = 5_000_000_000L;

  private void frameAfter(long ms) {
    nowNs += ms * 1_000_000;
    limit.frame(nowNs);
  }

  @Test
  void limit_usualCamera_isTheUsualOneOnceItsRateIsKnown() {
    frameAfter(0);
    frameAfter(33);
    assertEquals(2_700, limit.limitMs());
    frameAfter(33);
    assertEquals(900, limit.limitMs());
  }

  @Test
  void limit_oneFrameASecond_isThreeOfItsPeriods() {
    frameAfter(0);
    frameAfter(1_010);
    frameAfter(1_000);
    assertEquals(3_000, limit.limitMs());
  }

  @Test
  void limit_usualCameraAfterOnePause_isStillTheUsualOne() {
    frameAfter(0);
    frameAfter(33);
    frameAfter(33);
    frameAfter(850);
    assertEquals(900, limit.limitMs());
    frameAfter(33);
    assertEquals(900, limit.limitMs());
  }

  @Test
  void limit_cameraThatTurnsFaster_followsAtOnce() {
    frameAfter(0);
    frameAfter(1_000);
    frameAfter(1_000);
    frameAfter(33);
    assertEquals(900, limit.limitMs());
  }
}

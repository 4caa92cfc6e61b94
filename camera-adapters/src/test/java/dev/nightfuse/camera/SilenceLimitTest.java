package dev.nightfuse.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SilenceLimitTest {

  private final SilenceLimit limit = new SilenceLimit(900);
  private long nowNs = 5_000_000_000L;

  private void frameAfter(long ms) {
    nowNs += ms * 1_000_000;
    limit.frame(nowNs);
  }

  private void frames(int count, long everyMs) {
    for (int i = 0; i < count; i++) {
      frameAfter(everyMs);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 16, 33, 100, 149, 150, 200, 300})
  void limit_usualCamera_isTheUsualOneOnceItsRateIsKnown(long everyMs) {
    frameAfter(0);
    frameAfter(everyMs);
    assertEquals(2_700, limit.limitMs());
    frames((int) (2_100 / everyMs), everyMs);
    assertEquals(900, limit.limitMs());
  }

  @Test
  void limit_oneFrameASecond_isThreeOfItsPeriods() {
    frameAfter(0);
    for (int i = 0; i < 20; i++) {
      frameAfter(1_000);
      assertEquals(3_000, limit.limitMs());
    }
  }

  @Test
  void limit_fiveSecondsAFrame_isKnownFromTheSecondOne() {
    frameAfter(0);
    frameAfter(5_000);
    assertEquals(15_000, limit.limitMs());
  }

  @Test
  void limit_usualCameraAfterOnePause_isStillTheUsualOne() {
    frames(50, 33);
    frameAfter(850);
    assertEquals(900, limit.limitMs());
    frameAfter(33);
    assertEquals(900, limit.limitMs());
  }

  @Test
  void limit_slowCameraWithTwoFramesCloseTogether_isStillThreeOfItsPeriods() {
    frameAfter(0);
    for (int i = 0; i < 20; i++) {
      frameAfter(1_000);
      frameAfter(1_000);
      frameAfter(1_900);
      frameAfter(i % 2 == 0 ? 100 : 200);
      assertEquals(3_000, limit.limitMs());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 100})
  void limit_slowCameraThatBeginsWithABurst_isNeverTheUsualOne(int burst) {
    frames(burst, 5);
    assertEquals(2_700, limit.limitMs());
    for (int i = 0; i < 20; i++) {
      frameAfter(1_000);
      assertTrue(limit.limitMs() >= 2_700, () -> "limit " + limit.limitMs());
    }
    assertEquals(3_000, limit.limitMs());
  }

  @Test
  void limit_cameraThatTurnsFaster_followsWithinASecond() {
    frames(10, 1_000);
    frames(30, 33);
    assertEquals(900, limit.limitMs());
  }

  @Test
  void limit_afterReset_isThatOfAnUnknownCamera() {
    frames(10, 1_000);
    limit.reset();
    assertEquals(2_700, limit.limitMs());
    frameAfter(60_000);
    assertEquals(2_700, limit.limitMs());
  }
}

package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.HandClock;
import org.junit.jupiter.api.Test;

final class PaceTest {

  private final HandClock clock = new HandClock();
  private final Pace pace = new Pace("demo", clock);
  private long leftOut;

  /** Of every {@code of} frames one is left out; 25 come a second. */
  private void runSeconds(int seconds, int of) {
    for (int frame = 1; frame <= seconds * 25; frame++) {
      clock.advanceMs(40);
      if (frame % of == 0) {
        leftOut++;
      } else {
        pace.fused(leftOut);
      }
    }
  }

  @Test
  void fused_everyFourthFrameLeftOut_isBehindUntilAllAreFused() {
    runSeconds(25, 4);
    assertTrue(pace.behind());
    runSeconds(25, Integer.MAX_VALUE);
    assertFalse(pace.behind());
  }

  @Test
  void fused_framesLeftOutWhileItStarts_isNotBehind() {
    runSeconds(9, 2);
    runSeconds(2, Integer.MAX_VALUE);
    assertFalse(pace.behind());
  }

  @Test
  void fused_aFewFramesLeftOut_isNotBehind() {
    runSeconds(60, 40);
    assertFalse(pace.behind());
  }

  @Test
  void fused_fewAfterMany_staysBehind() {
    runSeconds(25, 4);
    runSeconds(25, 40);
    assertTrue(pace.behind());
  }
}

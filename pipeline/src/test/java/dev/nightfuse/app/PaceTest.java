package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.app.Pace.State;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.HandClock;
import org.junit.jupiter.api.Test;

final class PaceTest {

  private final HandClock clock = new HandClock();
  private final StageMetrics engine = new StageMetrics("demo", "fuse");
  private final Pace pace = new Pace("demo", clock, engine);
  private long engineMs = 40;
  private long leftOut;

  /** Of every {@code of} frames one is left out; 25 come a second. */
  private void runSeconds(int seconds, int of) {
    for (int frame = 1; frame <= seconds * 25; frame++) {
      clock.advanceMs(40);
      if (frame % of == 0) {
        leftOut++;
      } else {
        engine.processed(engineMs * 1_000_000);
        pace.fused(leftOut);
      }
    }
  }

  @Test
  void fused_everyFourthFrameLeftOut_isBehindUntilAllAreFused() {
    engineMs = 53;
    runSeconds(25, 4);
    assertEquals(State.ENGINE_TOO_SLOW, pace.state());
    runSeconds(25, Integer.MAX_VALUE);
    assertEquals(State.KEEPS_UP, pace.state());
  }

  @Test
  void fused_framesLeftOutWhileTheEngineHasTime_isNotTheEnginesFault() {
    engineMs = 20;
    runSeconds(25, 4);
    assertEquals(State.FRAMES_IN_BURSTS, pace.state());
  }

  @Test
  void fused_framesLeftOutWhileItStarts_isNotBehind() {
    runSeconds(9, 2);
    runSeconds(2, Integer.MAX_VALUE);
    assertEquals(State.KEEPS_UP, pace.state());
  }

  @Test
  void fused_aFewFramesLeftOut_isNotBehind() {
    runSeconds(60, 40);
    assertEquals(State.KEEPS_UP, pace.state());
  }

  @Test
  void fused_fewAfterMany_staysBehind() {
    engineMs = 53;
    runSeconds(25, 4);
    runSeconds(25, 40);
    assertEquals(State.ENGINE_TOO_SLOW, pace.state());
  }
}

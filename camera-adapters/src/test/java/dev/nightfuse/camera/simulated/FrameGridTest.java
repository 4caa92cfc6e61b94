package dev.nightfuse.camera.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameGridTest {

  @ParameterizedTest
  @ValueSource(ints = {1_000, 9_000, 25_000, 29_970, 30_000, 240_000})
  void frameFrom_anyTime_isTheFirstFrameNotBefore(int fpsMilli) {
    FrameGrid grid = new FrameGrid(fpsMilli);
    long[] times = {0, 1, 33_333_333, 5_000_000_000L, -1, -77_000_000_001L, 8_000_000_000_000_000L};
    for (long time : times) {
      long frame = grid.frameFrom(time);
      assertTrue(grid.timeNs(frame) >= time, time + " at " + fpsMilli);
      assertTrue(grid.timeNs(frame - 1) < time, time + " at " + fpsMilli);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 12_345_678_901L, -40_000_000L})
  void timeNs_halfTheRate_hitsEverySecondFrameForEver(long frame) {
    assertEquals(new FrameGrid(30_000).timeNs(2 * frame), new FrameGrid(15_000).timeNs(frame));
  }
}

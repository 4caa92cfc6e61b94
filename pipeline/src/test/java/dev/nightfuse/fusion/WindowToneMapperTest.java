package dev.nightfuse.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class WindowToneMapperTest {

  private static final int SIDE = 64;

  private final FramePool pool =
      new FramePool(new FrameFormat(PixelFormat.GRAY16_LE, SIDE, SIDE), 2);
  private final ByteBuffer gray = ByteBuffer.allocateDirect(SIDE * SIDE);

  private void map(ToneMapper mapper, IntUnaryOperator counts) {
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    for (int i = 0; i < SIDE * SIDE; i++) {
      frame.plane(0).putShort(2 * i, (short) counts.applyAsInt(i));
    }
    mapper.map(frame, gray);
    frame.release();
  }

  private int at(int pixel) {
    return gray.get(pixel) & 0xff;
  }

  @Test
  void map_rampOfCounts_fillsTheRangeInOrder() {
    map(new WindowToneMapper(), i -> 40_000 + i);
    assertTrue(at(0) < 3, "cold is dark: " + at(0));
    assertTrue(at(SIDE * SIDE - 1) > 252, "hot is bright: " + at(SIDE * SIDE - 1));
    assertEquals(128, at(SIDE * SIDE / 2), 4);
    for (int i = 1; i < SIDE * SIDE; i++) {
      assertTrue(at(i) >= at(i - 1));
    }
  }

  @Test
  void map_hotObjectAppears_backgroundDoesNotJump() {
    WindowToneMapper mapper = new WindowToneMapper();
    IntUnaryOperator scene = i -> 30_000 + i % SIDE * 20;
    map(mapper, scene);
    int before = at(SIDE / 2);
    map(mapper, i -> i < SIDE * SIDE / 8 ? 60_000 : scene.applyAsInt(i));
    assertEquals(255, at(0), "the object is white at once");
    int after = at(SIDE * SIDE / 2 + SIDE / 2);
    assertTrue(
        before - after < 80,
        "background went from %d to %d in one picture".formatted(before, after));
  }

  @Test
  void map_flatScene_showsNoNoise() {
    map(new WindowToneMapper(), i -> 20_000 + i % 3);
    int least = 255;
    int most = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      least = Math.min(least, at(i));
      most = Math.max(most, at(i));
    }
    assertTrue(most - least <= 10, "%d to %d".formatted(least, most));
  }
}

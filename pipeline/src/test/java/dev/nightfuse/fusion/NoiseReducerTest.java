package dev.nightfuse.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class NoiseReducerTest {

  /** More than one piece, and none of them whole at the end. */
  private static final int PIXELS = 5000;

  private final NoiseReducer reducer = new NoiseReducer();

  private static ByteBuffer plane(int pixels, IntUnaryOperator level) {
    ByteBuffer plane = ByteBuffer.allocateDirect(pixels);
    for (int i = 0; i < pixels; i++) {
      plane.put(i, (byte) level.applyAsInt(i));
    }
    return plane;
  }

  private static int level(ByteBuffer plane, int i) {
    return plane.get(i) & 0xff;
  }

  @Test
  void reduce_everyChangeFromEveryLevel_differsByTwoAtMostAndKeepsTheOrder() {
    for (int before = 0; before < 256; before++) {
      int start = before;
      NoiseReducer fresh = new NoiseReducer();
      fresh.reduce(plane(256, i -> start));
      ByteBuffer after = plane(256, i -> i);
      fresh.reduce(after);
      for (int i = 0; i < 256; i++) {
        int shown = level(after, i);
        assertTrue(Math.abs(shown - i) <= NoiseReducer.MOST, before + " to " + i + ": " + shown);
        assertTrue(i == 0 || shown >= level(after, i - 1), before + " to " + i + ": " + shown);
        if (Math.abs(i - before) >= 12) {
          assertEquals(i, shown);
        }
      }
      assertEquals(before, level(after, before));
    }
  }

  @Test
  void reduce_everyLevelThatStays_isShownToWithinOne() {
    for (int before = 0; before < 256; before++) {
      int start = before;
      NoiseReducer fresh = new NoiseReducer();
      fresh.reduce(plane(256, i -> start));
      for (int picture = 0; picture < 2; picture++) {
        fresh.reduce(plane(256, i -> i));
      }
      ByteBuffer third = plane(256, i -> i);
      fresh.reduce(third);
      for (int i = 0; i < 256; i++) {
        assertTrue(Math.abs(level(third, i) - i) <= 1, before + " to " + i);
      }
    }
  }

  @Test
  void reduce_noiseOverAStillPicture_changesLessThanHalfAsMuch() {
    Random random = new Random(3);
    int[] before = new int[PIXELS];
    int[] shownBefore = new int[PIXELS];
    long change = 0;
    long shownChange = 0;
    for (int frame = 0; frame < 30; frame++) {
      ByteBuffer picture =
          plane(PIXELS, i -> 100 + i % 50 + (int) Math.round(1.5 * random.nextGaussian()));
      int[] fused = new int[PIXELS];
      for (int i = 0; i < PIXELS; i++) {
        fused[i] = level(picture, i);
      }
      reducer.reduce(picture);
      for (int i = 0; i < PIXELS; i++) {
        change += frame == 0 ? 0 : Math.abs(fused[i] - before[i]);
        shownChange += frame == 0 ? 0 : Math.abs(level(picture, i) - shownBefore[i]);
        before[i] = fused[i];
        shownBefore[i] = level(picture, i);
      }
    }
    assertTrue(shownChange < 0.5 * change, shownChange + " of " + change);
  }

  @Test
  void reduce_somethingDimPassed_leavesOneLevelAtMost() {
    reducer.reduce(plane(PIXELS, i -> 60));
    for (int frame = 0; frame < 20; frame++) {
      int at = 200 * frame;
      reducer.reduce(plane(PIXELS, i -> i >= at && i < at + 200 ? 68 : 60));
    }
    ByteBuffer last = plane(PIXELS, i -> 60);
    reducer.reduce(last);
    for (int i = 0; i < 3800; i++) {
      assertTrue(level(last, i) <= 61, "pixel " + i + " is " + level(last, i));
    }
  }

  @Test
  void reduce_anotherSize_beginsAnew() {
    reducer.reduce(plane(PIXELS, i -> 50));
    ByteBuffer smaller = plane(100, i -> 52);
    reducer.reduce(smaller);
    assertEquals(52, level(smaller, 0));
    ByteBuffer next = plane(100, i -> 53);
    reducer.reduce(next);
    assertEquals(52, level(next, 0));
  }
}

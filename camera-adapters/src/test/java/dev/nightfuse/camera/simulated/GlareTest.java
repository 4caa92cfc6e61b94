package dev.nightfuse.camera.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Light that the damp road mirrors. */
final class GlareTest {

  private static final int COLUMN = 320;

  /** A car in front of the mirrored lamp. */
  private static final int CAR_TOP = 260;

  private static final int CAR_BOTTOM = 300;

  @Test
  void streak_behindACar_isHiddenByIt() {
    Glare free = streak(0);
    Glare hidden = streak(1);
    for (int row = 210; row < 340; row += 1 << free.cellShift) {
      float before = level(free, row);
      if (row >= CAR_TOP + 8 && row < CAR_BOTTOM - 8) {
        assertTrue(level(hidden, row) < 0.5f * before, "row " + row + " of the car");
      } else if (row < CAR_TOP - 8 || row > CAR_BOTTOM + 8) {
        assertEquals(before, level(hidden, row), 1e-3f, "row " + row + " of the road");
      }
    }
  }

  private static Glare streak(int label) {
    Canvas canvas = new Canvas(640, 480, false);
    canvas.level[100 * canvas.width + COLUMN] = Canvas.MAX_LEVEL;
    for (int row = CAR_TOP; row < CAR_BOTTOM; row++) {
      for (int column = COLUMN - 60; column < COLUMN + 60; column++) {
        canvas.label[row * canvas.width + column] = (byte) label;
      }
    }
    Glare glare = new Glare(canvas.width, canvas.height);
    glare.light(COLUMN, 100, 4200, 2, 0, 0, Canvas.MAX_LEVEL, 200);
    glare.gather(canvas);
    return glare;
  }

  private static float level(Glare glare, int row) {
    return glare.level[(row >> glare.cellShift) * glare.columns + (COLUMN >> glare.cellShift)];
  }
}

package dev.nightfuse.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pictures may repeat. */
final class FreezeDetectorTest {

  private static final int SIDE = 100;
  private static final long LIMIT_MS = 2_000;

  private final FramePool pool = new FramePool(new FrameFormat(PixelFormat.I420, SIDE, SIDE), 2);
  private final Random random = new Random(1);

  /** Levels spread over a range, and pixels of full white. */
  private Frame picture(int lowest, int levels, int spots) {
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    for (int i = 0; i < SIDE * SIDE; i++) {
      int level = i < spots ? 255 : lowest + random.nextInt(levels);
      frame.plane(0).put(i, (byte) level);
    }
    return frame;
  }

  private static boolean isOld(FreezeDetector detector, Frame frame, long ms) {
    frame.stamp(0, 0, ms * 1_000_000);
    return detector.isOld(frame, LIMIT_MS);
  }

  @ParameterizedTest
  @CsvSource({
    "a street, 0, 256, 0, true",
    "a covered lens, 16, 1, 0, false",
    "a night below the black level, 0, 16, 0, false",
    "a night with hot pixels, 0, 16, 10, false",
    "a night with a lamp, 0, 16, 11, true",
    "a dim night, 0, 17, 0, true",
    "looked into the sun, 240, 16, 0, false"
  })
  void isOld_visiblePictureRepeats_unlessItIsBlank(
      String what, int lowest, int levels, int spots, boolean old) {
    FreezeDetector detector = new FreezeDetector(Modality.VISIBLE);
    Frame frame = picture(lowest, levels, spots);
    assertFalse(isOld(detector, frame, 0), what);
    assertFalse(isOld(detector, frame, LIMIT_MS - 1), what);
    assertEquals(old, isOld(detector, frame, LIMIT_MS), what);
    assertEquals(old, isOld(detector, frame, 3 * LIMIT_MS), what);
    frame.release();
  }

  @Test
  void isOld_blankThermalPicture_isOldLikeAnyOther() {
    FreezeDetector detector = new FreezeDetector(Modality.INFRARED);
    Frame frame = picture(16, 1, 0);
    assertFalse(isOld(detector, frame, 0));
    assertTrue(isOld(detector, frame, LIMIT_MS));
    frame.release();
  }

  @Test
  void isOld_streetAfterABlankPicture_isLookedAtAnew() {
    FreezeDetector detector = new FreezeDetector(Modality.VISIBLE);
    Frame night = picture(16, 1, 0);
    Frame street = picture(0, 256, 0);
    assertFalse(isOld(detector, night, 0));
    assertFalse(isOld(detector, night, LIMIT_MS));
    assertFalse(isOld(detector, street, LIMIT_MS + 1));
    assertTrue(isOld(detector, street, 2 * LIMIT_MS + 1));
    assertFalse(isOld(detector, night, 2 * LIMIT_MS + 2));
    night.release();
    street.release();
  }
}

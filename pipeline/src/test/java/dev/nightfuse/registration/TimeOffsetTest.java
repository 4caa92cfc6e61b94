package dev.nightfuse.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Things that cross the picture, each with a level of its own in each camera. */
final class TimeOffsetTest {

  private static final int WIDTH = 160;
  private static final int HEIGHT = 128;
  private static final Calibration PLACE =
      Calibration.scaling(WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT);
  private static final double SECONDS = 12;

  private final Random random = new Random(3);
  private final TimeOffset offset = new TimeOffset();

  /** Where a thing is at a time, and how it looks; shares of the picture. */
  private record Thing(double x, double y, double perS, double warm, double bright) {
    boolean covers(double atX, double atY, double timeS) {
      // It comes back on the other side.
      double left = x + perS * timeS;
      double from = left - Math.floor(left);
      return atX >= from && atX < from + 0.12 && atY >= y && atY < y + 0.2;
    }
  }

  private Thing[] things() {
    Thing[] things = new Thing[8];
    for (int i = 0; i < things.length; i++) {
      double perS = random.nextDouble(0.1, 0.6) * (random.nextBoolean() ? 1 : -1);
      things[i] =
          new Thing(
              random.nextDouble(),
              random.nextDouble(0, 0.9),
              perS,
              random.nextDouble(-60, 60),
              random.nextDouble(-60, 60));
    }
    return things;
  }

  /**
   * @param rate of the stream, of which every {@code repeats} pictures are the same
   * @param laterMs what the stamps are late
   */
  private void film(
      Modality modality,
      PixelFormat pixels,
      Thing[] things,
      double rate,
      int repeats,
      double laterMs,
      double seconds) {
    boolean warm = modality == Modality.INFRARED;
    FrameFormat format =
        new FrameFormat(pixels, warm ? WIDTH / 2 : WIDTH, warm ? HEIGHT / 2 : HEIGHT);
    FramePool pool = new FramePool(format, 1);
    for (int i = 0; i < seconds * rate; i++) {
      Frame frame = pool.tryBorrow();
      if (frame == null) {
        throw new AssertionError("frame " + (i - 1) + " was kept");
      }
      if (i % repeats == 0) {
        paint(frame, things, i / rate, warm);
      }
      frame.stamp(i, Math.round(i / rate * 1e9 + laterMs * 1e6), 0);
      offset.add(modality, frame);
      frame.release();
    }
  }

  /** Of both cameras, at the same times. */
  private void films(Thing[] bright, Thing[] warm, double seconds) {
    film(Modality.VISIBLE, PixelFormat.GRAY8, bright, 30, 1, 0, seconds);
    film(Modality.INFRARED, PixelFormat.GRAY8, warm, 30, 1, 0, seconds);
  }

  private void paint(Frame frame, Thing[] things, double timeS, boolean warm) {
    FrameFormat format = frame.format();
    for (int y = 0; y < format.heightPx(); y++) {
      for (int x = 0; x < format.widthPx(); x++) {
        double level = 100 + random.nextGaussian() * 3;
        for (Thing thing : things) {
          if (thing.covers((x + 0.5) / format.widthPx(), (y + 0.5) / format.heightPx(), timeS)) {
            level += warm ? thing.warm : thing.bright;
          }
        }
        int at = y * format.widthPx() + x;
        if (format.pixelFormat() == PixelFormat.GRAY16_LE) {
          frame.plane(0).putShort(2 * at, (short) Math.round(7000 + 10 * level));
        } else {
          frame.plane(0).put(at, (byte) Math.max(0, Math.min(255, Math.round(level))));
        }
      }
    }
  }

  @Test
  void find_lateThermalCamera_tellsHowMuch() {
    Thing[] things = things();
    film(Modality.VISIBLE, PixelFormat.I420, things, 30, 1, 0, SECONDS);
    film(Modality.INFRARED, PixelFormat.GRAY16_LE, things, 25, 1, 73, SECONDS);
    told(73, 4);
  }

  @Test
  void find_lateVisibleCamera_isNegative() {
    Thing[] things = things();
    film(Modality.VISIBLE, PixelFormat.I420, things, 25, 1, 340, SECONDS);
    film(Modality.INFRARED, PixelFormat.GRAY8, things, 30, 1, 0, SECONDS);
    told(-340, 4);
  }

  @Test
  void find_slowSensorThatRepeatsItsPictures_isTimedByNewOnes() {
    Thing[] things = things();
    film(Modality.VISIBLE, PixelFormat.GRAY8, things, 30, 1, 0, SECONDS);
    film(Modality.INFRARED, PixelFormat.GRAY8, things, 27, 3, 100, SECONDS);
    told(100, 12);
  }

  @Test
  void find_camerasThatSeeDifferentThings_doNotAgree() {
    films(things(), things(), SECONDS);
    assertFalse(offset.find(PLACE).reliable());
  }

  @Test
  void find_nothingMoves_cannotTell() {
    films(new Thing[0], new Thing[0], SECONDS);
    assertFalse(offset.find(PLACE).reliable());
  }

  @Test
  void find_tooShortOrNothing_cannotTell() {
    assertFalse(offset.find(PLACE).reliable());
    Thing[] things = things();
    films(things, things, 4);
    assertFalse(offset.find(PLACE).reliable());
  }

  private void told(double offsetMs, double nearMs) {
    TimeOffset.Found found = offset.find(PLACE);
    assertTrue(found.reliable(), found.toString());
    assertEquals(offsetMs, found.offsetMs(), nearMs, found.toString());
  }
}

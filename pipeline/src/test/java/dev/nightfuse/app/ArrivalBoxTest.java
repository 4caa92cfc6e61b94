package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.app.ArrivalBox.Arrival;
import dev.nightfuse.app.ArrivalBox.Note;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ArrivalBoxTest {

  private final FramePool pool = new FramePool(new FrameFormat(PixelFormat.GRAY8, 16, 16), 16);

  private Frame frame(long sequence) {
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    frame.stamp(sequence, 0, 0);
    return frame;
  }

  private static Arrival next(ArrivalBox box) throws InterruptedException {
    Arrival arrival = box.take(Long.MIN_VALUE, modality -> true);
    assertNotNull(arrival);
    return arrival;
  }

  private static long sequenceOf(Arrival arrival) {
    Frame frame = arrival.frame();
    assertNotNull(frame);
    frame.release();
    return frame.sequence();
  }

  @Test
  void wake_nothingArrived_letsOneTakeReturn() throws Exception {
    try (ArrivalBox box = new ArrivalBox(Pacing.LIVE, FrameClock.system())) {
      box.wake();
      box.put(Modality.VISIBLE, frame(7));
      assertEquals(7, sequenceOf(next(box)), "what has arrived comes first");
      assertNull(box.take(Long.MAX_VALUE, modality -> true));
      Thread other = new Thread(box::wake, "wakes");
      other.start();
      assertNull(box.take(Long.MAX_VALUE, modality -> true));
      other.join();
    }
  }

  @Test
  void put_liveAndFull_losesTheOldestOfThatCameraOnly() throws Exception {
    try (ArrivalBox box = new ArrivalBox(Pacing.LIVE, FrameClock.system())) {
      box.put(Modality.INFRARED, frame(100));
      for (int i = 0; i < ArrivalBox.FRAMES_PER_CAMERA + 2; i++) {
        box.put(Modality.VISIBLE, frame(i));
      }
      assertEquals(2, box.dropped(Modality.VISIBLE));
      assertEquals(0, box.dropped(Modality.INFRARED));
      assertEquals(100, sequenceOf(next(box)));
      assertEquals(2, sequenceOf(next(box)));
      assertEquals(3, sequenceOf(next(box)));
      assertEquals(4, sequenceOf(next(box)));
      assertNull(box.take(Long.MIN_VALUE, modality -> true));
    }
    assertEquals(0, pool.leased());
  }

  @Test
  void put_offlineAndFull_waitsUntilOneIsTaken() throws Exception {
    try (ArrivalBox box = new ArrivalBox(Pacing.AS_TAKEN, FrameClock.system())) {
      for (int i = 0; i < ArrivalBox.FRAMES_PER_CAMERA; i++) {
        box.put(Modality.VISIBLE, frame(i));
      }
      CountDownLatch put = new CountDownLatch(1);
      Thread producer =
          new Thread(
              () -> {
                box.put(Modality.VISIBLE, frame(99));
                put.countDown();
              });
      producer.start();
      assertFalse(put.await(50, TimeUnit.MILLISECONDS), "there is no room yet");
      assertEquals(0, sequenceOf(next(box)));
      assertTrue(put.await(20, TimeUnit.SECONDS));
      producer.join();
      assertEquals(0, box.dropped(Modality.VISIBLE));
    }
    assertEquals(0, pool.leased());
  }

  @Test
  void take_cameraThatIsNotAccepted_isLeftWaiting() throws Exception {
    try (ArrivalBox box = new ArrivalBox(Pacing.AS_TAKEN, FrameClock.system())) {
      box.put(Modality.VISIBLE, frame(1));
      box.put(Modality.INFRARED, frame(2));
      Arrival arrival = box.take(Long.MIN_VALUE, modality -> modality == Modality.INFRARED);
      assertNotNull(arrival);
      assertEquals(2, sequenceOf(arrival));
      assertEquals(1, sequenceOf(next(box)));
    }
  }

  @Test
  void tell_notesStandBehindTheFramesBeforeThem_andRepeatedOnesAreOne() throws Exception {
    try (ArrivalBox box = new ArrivalBox(Pacing.LIVE, FrameClock.system())) {
      box.put(Modality.VISIBLE, frame(1));
      box.tell(Modality.VISIBLE, Note.LOST);
      box.tell(Modality.VISIBLE, Note.LOST);
      assertEquals(1, sequenceOf(next(box)));
      assertEquals(Note.LOST, next(box).note());
      assertNull(box.take(Long.MIN_VALUE, modality -> true));
    }
  }

  @Test
  void close_framesInside_areReleased_andLaterOnesToo() throws Exception {
    ArrivalBox box = new ArrivalBox(Pacing.AS_TAKEN, FrameClock.system());
    box.put(Modality.VISIBLE, frame(1));
    box.close();
    box.put(Modality.VISIBLE, frame(2));
    assertNull(box.take(Long.MAX_VALUE, modality -> true));
    assertEquals(0, pool.leased());
  }
}

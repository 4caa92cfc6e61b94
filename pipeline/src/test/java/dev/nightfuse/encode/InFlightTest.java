package dev.nightfuse.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class InFlightTest {

  private final InFlight frames = new InFlight();

  @Test
  void take_roundedToMicroseconds_isFound() {
    add(0, 33_333_333);
    assertNotNull(frames.take(0));
    InFlight.Entry second = frames.take(33_333_000);
    assertNotNull(second);
    assertEquals(33_333_333 + 7, second.captureNs());
  }

  @Test
  void take_encoderSkippedOne_givesItUpAndCounts() {
    add(0, 33_000_000, 66_000_000);
    assertNotNull(frames.take(66_000_000));
    assertEquals(0, frames.size());
    assertEquals(2, frames.takeSkipped());
    assertEquals(0, frames.takeSkipped());
  }

  @Test
  void take_unknownTime_leavesTheRest() {
    add(33_000_000);
    assertNull(frames.take(0));
    assertEquals(1, frames.size());
  }

  @Test
  void oldestAgeNs_countsFromPush() {
    assertEquals(0, frames.oldestAgeNs(500));
    add(0, 33_000_000);
    assertEquals(400, frames.oldestAgeNs(500));
  }

  private void add(long... runningNs) {
    for (long time : runningNs) {
      frames.add(new InFlight.Entry(time, time + 7, time + 9, 0, 100));
    }
  }
}

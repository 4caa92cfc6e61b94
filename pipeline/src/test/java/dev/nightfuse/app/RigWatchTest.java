package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RigWatchTest {

  private final AtomicLong front = new AtomicLong();
  private final AtomicLong rear = new AtomicLong();
  private final RigWatch watch = new RigWatch(List.of(front::get, rear::get));

  @Test
  void begun_oneOfTwoRigs_isEnough() {
    assertFalse(watch.begun());
    rear.set(1);
    assertTrue(watch.begun());
  }

  @Test
  void allMoved_oneRigHangs_theOtherDoesNotMakeUpForIt() {
    front.set(10);
    rear.set(10);
    assertTrue(watch.allMoved());
    front.set(40);
    assertFalse(watch.allMoved());
    front.set(70);
    assertFalse(watch.allMoved());
    rear.set(11);
    assertTrue(watch.allMoved());
  }

  @Test
  void allMoved_slowRigsInTurn_countsWhatMovedSinceAllLastDid() {
    front.set(1);
    rear.set(1);
    assertTrue(watch.allMoved());
    front.set(2);
    assertFalse(watch.allMoved());
    rear.set(2);
    assertTrue(watch.allMoved());
  }

  @Test
  void allMoved_rigThatNeverShowedAPicture_isStillStarting() {
    front.set(10);
    assertTrue(watch.allMoved());
    front.set(20);
    assertTrue(watch.allMoved());
  }
}

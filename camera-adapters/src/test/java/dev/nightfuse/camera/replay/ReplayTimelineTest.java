package dev.nightfuse.camera.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.replay.ReplayTimeline.Position;
import org.junit.jupiter.api.Test;

class ReplayTimelineTest {

  private final ReplayAdapter adapter = new ReplayAdapter();

  @Test
  void captureNs_twoCamerasLive_shareEpochOfTheFirst() {
    try (ReplayTimeline.Member a = adapter.join("rig/visible", Pacing.LIVE);
        ReplayTimeline.Member b = adapter.join("rig/infrared", Pacing.LIVE)) {
      a.begin(1000, 50);
      b.begin(1007, 50);
      assertEquals(1000 + 30, a.captureNs(0, 30));
      assertEquals(1000 + 30, b.captureNs(0, 30));
    }
  }

  @Test
  void captureNs_twoRigs_areIndependent() {
    try (ReplayTimeline.Member a = adapter.join("front/visible", Pacing.LIVE);
        ReplayTimeline.Member b = adapter.join("rear/visible", Pacing.LIVE)) {
      a.begin(1000, 50);
      b.begin(1007, 50);
      assertEquals(1007, b.captureNs(0, 0));
    }
  }

  @Test
  void captureNs_asTaken_countsFromZero() {
    try (ReplayTimeline.Member a = adapter.join("rig/visible", Pacing.AS_TAKEN)) {
      a.begin(1000, 50);
      assertEquals(30, a.captureNs(0, 30));
    }
  }

  @Test
  void period_differentLengths_isTheShortestForBothAndStays() {
    try (ReplayTimeline.Member a = adapter.join("rig/visible", Pacing.LIVE);
        ReplayTimeline.Member b = adapter.join("rig/infrared", Pacing.LIVE)) {
      a.begin(0, 120);
      b.begin(0, 100);
      assertFalse(a.isCut(99));
      assertTrue(a.isCut(100));
      // The longer one comes to the cut first; its own end says nothing about the other.
      a.ended(100);
      b.ended(98);
      assertEquals(100 * 1000L, a.captureNs(1000, 0));
      assertEquals(100 * 1000L, b.captureNs(1000, 0));
    }
  }

  @Test
  void isCut_ownAnnouncement_neverCutsOwnPictures() {
    try (ReplayTimeline.Member a = adapter.join("rig/visible", Pacing.LIVE)) {
      a.begin(0, 90);
      assertFalse(a.isCut(95));
      a.ended(100);
      assertEquals(200, a.captureNs(2, 0));
    }
  }

  @Test
  void at_memberThatComesBack_findsWhereTheRigIs() {
    try (ReplayTimeline.Member a = adapter.join("rig/visible", Pacing.LIVE)) {
      a.begin(1000, 100);
      adapter.join("rig/infrared", Pacing.LIVE).close();
      a.ended(100);
      try (ReplayTimeline.Member again = adapter.join("rig/infrared", Pacing.LIVE)) {
        again.begin(1730, 100);
        assertEquals(new Position(7, 30), again.at(1730, true));
        assertEquals(1730, again.captureNs(7, 30));
      }
    }
  }

  @Test
  void at_beyondTheEndInTheFirstLoop_beginsAnewWhereTheRecordingSaysThatItEnds() {
    try (ReplayTimeline.Member a = adapter.join("rig/visible", Pacing.LIVE);
        ReplayTimeline.Member b = adapter.join("rig/infrared", Pacing.LIVE)) {
      a.begin(1000, 300);
      assertEquals(new Position(0, 299), a.at(1299, true));
      assertEquals(new Position(0, 9000), a.at(10_000, false));
      // Opened when the other had played for longer than this one lasts.
      b.begin(1230, 100);
      assertEquals(new Position(2, 30), b.at(1230, true));
      assertEquals(new Position(90, 0), a.at(10_000, true));
      assertTrue(a.isCut(100));
    }
  }

  @Test
  void join_afterAllLeft_startsAnew() {
    try (ReplayTimeline.Member a = adapter.join("rig/visible", Pacing.LIVE)) {
      a.begin(1000, 100);
    }
    try (ReplayTimeline.Member b = adapter.join("rig/visible", Pacing.LIVE)) {
      b.begin(5000, 100);
      assertEquals(5000, b.captureNs(0, 0));
    }
  }
}

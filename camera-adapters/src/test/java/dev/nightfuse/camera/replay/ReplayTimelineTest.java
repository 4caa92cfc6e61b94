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
  void at_beyondTheEndInTheFirstLoop_isNearTheEndSoThatItIsSeen() {
    long s = 1_000_000_000;
    try (ReplayTimeline.Member a = adapter.join("rig/visible", Pacing.LIVE);
        ReplayTimeline.Member b = adapter.join("rig/infrared", Pacing.LIVE);
        ReplayTimeline.Member c = adapter.join("rig/infrared", Pacing.LIVE)) {
      a.begin(0, 30 * s);
      assertEquals(new Position(0, 28 * s), a.at(28 * s, true));
      assertEquals(new Position(0, 29 * s), a.at(500 * s, true));
      assertEquals(new Position(0, 500 * s), a.at(500 * s, false));
      b.begin(20 * s, -1);
      assertEquals(new Position(0, 0), b.at(20 * s, true));
      // Opened when the others had played for longer than this one lasts.
      c.begin(21 * s, 10 * s);
      assertEquals(new Position(0, 9 * s), c.at(21 * s, true));
      c.ended(10 * s);
      assertEquals(new Position(2, s), c.at(21 * s, true));
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

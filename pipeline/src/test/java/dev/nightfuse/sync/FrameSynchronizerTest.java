package dev.nightfuse.sync;

import static dev.nightfuse.camera.Modality.INFRARED;
import static dev.nightfuse.camera.Modality.VISIBLE;
import static dev.nightfuse.sync.FramePair.Kind.INFRARED_HELD;
import static dev.nightfuse.sync.FramePair.Kind.INFRARED_ONLY;
import static dev.nightfuse.sync.FramePair.Kind.MATCHED;
import static dev.nightfuse.sync.FramePair.Kind.VISIBLE_ONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.Pacing;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The matcher under a clock turned by hand. */
final class FrameSynchronizerTest extends SyncCase {

  private static SyncSettings live(double toleranceMs, double waitMs, int queue) {
    SyncSettings d = SyncSettings.live();
    return new SyncSettings(
        Pacing.LIVE,
        SyncRig.ns(toleranceMs),
        SyncRig.ns(waitMs),
        d.maxHoldNs(),
        d.ffcHoldNs(),
        queue,
        0,
        0);
  }

  // The cases that message_filters tests, as they apply to two cameras.

  @Test
  void exactMatch_sameStamps_pairedWithoutSkewAtOnce() {
    rig.camera(VISIBLE, 0, P30, 20, 1).camera(INFRARED, 0, P30, 20, 4).run();
    assertEquals(20, rig.shown.size());
    for (SyncRig.Shown shown : rig.shown) {
      assertEquals(MATCHED, shown.kind());
      assertEquals(FramePair.Cause.NONE, shown.cause());
      assertEquals(shown.visible(), shown.infrared());
      assertEquals(0, shown.skewMs());
      assertEquals(shown.lastArrivalMs(), shown.atMs(), 1e-6);
    }
  }

  @Test
  void perfectMatch_interleavedStamps_everyFramePairedWithItsNeighbour() {
    rig.camera(VISIBLE, 0, 100, 10, 0).camera(INFRARED, 15, 100, 10, 0).run();
    assertEquals(10, count(MATCHED));
    assertTrue(rig.shown.stream().allMatch(s -> s.visible() == s.infrared()));
    assertTrue(rig.shown.stream().allMatch(s -> s.skewMs() == 15));
  }

  @Test
  void imperfectMatch_irregularStamps_nearestWithinToleranceElseAlone() {
    use(live(20, 40, 4));
    rig.visible(0).visible(100).visible(200).visible(330);
    rig.infrared(18).infrared(95).infrared(260).infrared(345).run();
    assertEquals(List.of("0+0", "1+1", "2+1", "3+3"), rig.numbers());
    assertEquals(List.of(MATCHED, MATCHED, INFRARED_HELD, MATCHED), rig.kinds());
    assertEquals(1, rig.statistics.count(INFRARED, SyncOutcome.UNMATCHED));
  }

  @Test
  void acceleration_rateDoubles_stillPairedOneToOne() {
    double time = 0;
    for (int i = 0; i < 60; i++) {
      rig.frame(VISIBLE, i, time, 2).frame(INFRARED, i, time + 3, 2);
      time += i < 30 ? 80 : 30;
    }
    rig.run();
    // The one picture at the change went out before its infrared frame, which nobody expected yet.
    assertEquals(59, count(MATCHED));
    assertTrue(
        rig.shown.stream().allMatch(s -> s.kind() != MATCHED || s.visible() == s.infrared()));
  }

  @Test
  void droppedMessages_infraredGaps_neverPairedWithTheFrameBefore() {
    for (int i = 0; i < 60; i++) {
      rig.frame(VISIBLE, i, i * P30, 2);
      if (i % 7 != 5) {
        rig.frame(INFRARED, i, i * P30 + 1, 2);
      }
    }
    rig.run();
    assertEquals(60, rig.shown.size());
    for (SyncRig.Shown shown : rig.shown) {
      if (shown.visible() % 7 == 5) {
        assertEquals(INFRARED_HELD, shown.kind());
        assertEquals(P30 - 1, shown.ageMs(), 0.01);
      } else {
        assertEquals(shown.visible(), shown.infrared());
      }
    }
  }

  @Test
  void droppedMessages_visibleGaps_surplusInfraredIsCounted() {
    for (int i = 0; i < 60; i++) {
      rig.frame(INFRARED, i, i * P30, 2);
      if (i % 6 != 3) {
        rig.frame(VISIBLE, i, i * P30 + 1, 2);
      }
    }
    rig.run();
    assertEquals(50, count(MATCHED));
    assertTrue(rig.shown.stream().allMatch(s -> s.visible() == s.infrared()));
    assertEquals(10, rig.statistics.dropped(INFRARED));
    assertEquals(0, rig.statistics.dropped(VISIBLE));
  }

  @Test
  void longQueue_oneCameraMuchLaterOnItsWay_pairedWhenItComes() {
    use(live(20, 40, 16));
    rig.camera(VISIBLE, 0, P30, 60, 250).camera(INFRARED, 0, P30, 60, 5).run();
    List<SyncRig.Shown> settled = rig.shown.subList(20, rig.shown.size());
    assertTrue(
        settled.stream().allMatch(s -> s.kind() == MATCHED && s.visible() == s.infrared()),
        () -> settled.toString());
  }

  @Test
  void doublePublish_sameStampTwice_secondIsCountedAsDuplicate() {
    for (int i = 0; i < 10; i++) {
      rig.frame(VISIBLE, i, i * P30, 1).frame(VISIBLE, 100 + i, i * P30, 2);
      rig.frame(INFRARED, i, i * P30, 3);
    }
    rig.run();
    assertEquals(10, count(MATCHED));
    assertEquals(10, rig.statistics.count(VISIBLE, SyncOutcome.DUPLICATE));
  }

  @Test
  void outOfOrder_olderStamp_isCountedAndNeverShown() {
    for (int i = 0; i < 10; i++) {
      rig.frame(VISIBLE, i, i * P30, 1).frame(INFRARED, i, i * P30, 1);
      rig.frame(INFRARED, 100 + i, i * P30 - 5, 8);
    }
    rig.run();
    assertEquals(10, count(MATCHED));
    assertEquals(10, rig.statistics.count(INFRARED, SyncOutcome.OUT_OF_ORDER));
    assertTrue(rig.shown.stream().noneMatch(s -> s.infrared() >= 100));
  }

  @Test
  void earlyPublish_partnerIsThere_goesOutWithoutWaitingForTheNext() {
    rig.camera(VISIBLE, 0, P30, 30, 5).camera(INFRARED, 1, P30, 30, 5).run();
    for (SyncRig.Shown shown : rig.shown) {
      assertEquals(shown.visible(), shown.infrared());
      assertEquals(shown.lastArrivalMs(), shown.atMs(), 1e-6, "waited for nothing");
    }
  }

  @Test
  void rateBound_nothingNearerDue_doesNotWait() {
    // 12 ms apart at 30 fps: the next infrared frame would be 21 ms apart, so this one is taken.
    rig.camera(INFRARED, 0, P30, 40, 3).camera(VISIBLE, 12, P30, 40, 3).run();
    for (SyncRig.Shown shown : rig.shown.subList(5, 40)) {
      assertEquals(MATCHED, shown.kind());
      assertEquals(-12, shown.skewMs(), 1e-6);
      assertEquals(shown.lastArrivalMs(), shown.atMs(), 1e-6);
    }
  }

  @Test
  void onePeriodStale_oneVisibleFrameLostAtSixtyFps_pairsAreNotShiftedByOne() {
    double p60 = 1000.0 / 60;
    for (int i = 0; i < 120; i++) {
      if (i != 40 && i != 80) {
        rig.frame(VISIBLE, i, i * p60, 1);
      }
      rig.frame(INFRARED, i, i * p60 + 1, 4);
    }
    rig.run();
    assertEquals(118, count(MATCHED));
    for (SyncRig.Shown shown : rig.shown) {
      assertEquals(shown.visible(), shown.infrared(), "one period stale");
    }
  }

  // Rates.

  @Test
  void rates_infraredNineFps_heldBetweenItsFramesWithoutAlarmOrWaiting() {
    rig.camera(VISIBLE, 0, P30, 90, 3).camera(INFRARED, 5, 1000.0 / 9, 27, 3).run();
    assertEquals(90, rig.shown.size());
    assertEquals(27.0, count(MATCHED), 1.0);
    assertEquals(0, count(VISIBLE_ONLY));
    for (SyncRig.Shown shown : rig.shown.subList(30, 90)) {
      assertTrue(Set.of(MATCHED, INFRARED_HELD).contains(shown.kind()));
      assertTrue(shown.cause() == FramePair.Cause.NONE || shown.cause() == FramePair.Cause.SLOWER);
      assertTrue(shown.ageMs() <= 1000.0 / 9 + 20, () -> "age " + shown.ageMs());
      if (shown.kind() == INFRARED_HELD) {
        assertEquals(3, shown.atMs() - shown.captureMs(), 1e-3, "waited for a frame not due");
      }
    }
  }

  @Test
  void rates_thirtyAgainstTwentyFive_neverAloneAndSkewBelowHalfAPeriod() {
    rig.camera(VISIBLE, 0, P30, 300, 3).camera(INFRARED, 7, 40, 250, 5).run();
    assertEquals(300, rig.shown.size());
    assertEquals(0, count(VISIBLE_ONLY));
    assertTrue(rig.statistics.skew().copy().getValueAtPercentile(95) <= 20_200_000);
    for (SyncRig.Shown shown : rig.shown.subList(10, 290)) {
      assertTrue(Math.abs(shown.skewMs()) <= 21.1, () -> "skew " + shown.skewMs());
    }
  }

  @Test
  void rates_infraredFaster_nearestIsUsedAndTheRestIsSurplus() {
    rig.camera(VISIBLE, 0, P30, 60, 3).camera(INFRARED, 4, P30 / 2, 120, 3).run();
    assertEquals(60, count(MATCHED));
    assertTrue(rig.shown.stream().skip(3).allMatch(s -> Math.abs(s.skewMs()) <= P30 / 4 + 0.01));
    assertTrue(rig.statistics.count(INFRARED, SyncOutcome.SURPLUS) >= 58);
    assertEquals(0, rig.statistics.count(INFRARED, SyncOutcome.UNMATCHED));
  }

  @Test
  void jitter_aThirdOfAPeriod_everyFrameShownAndNoneStale() {
    java.util.Random random = new java.util.Random(5);
    for (int i = 0; i < 300; i++) {
      rig.frame(VISIBLE, i, i * P30 + random.nextDouble() * P30 / 3, 2 + random.nextDouble() * 8);
      rig.frame(INFRARED, i, i * P30 + random.nextDouble() * P30 / 3, 2 + random.nextDouble() * 8);
    }
    rig.run();
    assertEquals(300, rig.shown.size());
    assertEquals(300.0, count(MATCHED), 3.0);
    assertTrue(
        rig.shown.stream().allMatch(s -> s.kind() != MATCHED || s.visible() == s.infrared()));
  }

  @Test
  void drift_oneThousandthFaster_slipsAtMostOneFrameAndStaysNear() {
    rig.camera(VISIBLE, 0, P30, 2_000, 3).camera(INFRARED, 0, P30 * 1.001, 1_998, 3).run();
    assertEquals(2_000, rig.shown.size());
    assertTrue(count(MATCHED) >= 1_994, () -> "matched " + count(MATCHED));
    assertEquals(0, count(VISIBLE_ONLY));
    assertTrue(rig.statistics.skew().copy().getValueAtPercentile(100) <= 18_000_000);
  }

  @Test
  void phase_constantBeyondHalfAPeriod_waitsForTheNearerFrame() {
    rig.camera(INFRARED, 0, P30, 60, 3).camera(VISIBLE, 19, P30, 60, 3).run();
    for (SyncRig.Shown shown : rig.shown.subList(5, 58)) {
      assertEquals(P30 - 19, shown.skewMs(), 1e-3);
    }
  }

  @Test
  void skew_bothSlowAndOutOfTolerance_refusedCountedAndAlone() {
    rig.camera(VISIBLE, 0, 111, 40, 3).camera(INFRARED, 50, 111, 40, 3).run();
    assertEquals(0, count(MATCHED));
    assertEquals(0, count(INFRARED_HELD));
    assertEquals(40, count(VISIBLE_ONLY));
    assertTrue(rig.shown.subList(1, 40).stream().allMatch(s -> s.cause() == FramePair.Cause.SKEW));
    assertTrue(rig.statistics.count(INFRARED, SyncOutcome.UNMATCHED) >= 38);
  }

  @Test
  void offsets_stampsLateByDifferentAmounts_matchedByExposure() {
    SyncSettings d = SyncSettings.live();
    use(
        new SyncSettings(
            Pacing.LIVE,
            d.toleranceNs(),
            d.maxWaitNs(),
            d.maxHoldNs(),
            d.ffcHoldNs(),
            4,
            SyncRig.ns(10),
            SyncRig.ns(60)));
    for (int i = 0; i < 30; i++) {
      rig.frame(VISIBLE, i, i * P30 + 10, 0).frame(INFRARED, i, i * P30 + 60, 0);
    }
    rig.run();
    List<SyncRig.Shown> settled = rig.shown.subList(5, 30);
    assertTrue(settled.stream().noneMatch(s -> s.kind() == VISIBLE_ONLY));
    for (SyncRig.Shown shown : rig.shown) {
      if (shown.kind() == MATCHED) {
        assertEquals(shown.visible(), shown.infrared());
        assertEquals(0, shown.skewMs(), 1e-3);
        assertEquals(shown.visible() * P30, shown.captureMs(), 1e-3);
      }
    }
  }

  @Test
  void lateness_infraredSlowerOnItsWayThanTheWait_heldWithItsTrueAge() {
    rig.camera(VISIBLE, 0, P30, 60, 3).camera(INFRARED, 0, P30, 60, 63).run();
    List<SyncRig.Shown> settled = rig.shown.subList(5, 55);
    for (SyncRig.Shown shown : settled) {
      assertEquals(INFRARED_HELD, shown.kind());
      assertEquals((shown.visible() - shown.infrared()) * P30, shown.ageMs(), 1e-3);
      assertTrue(shown.atMs() - shown.captureMs() <= 43.001);
    }
    assertTrue(rig.statistics.count(INFRARED, SyncOutcome.LATE) >= 50);
  }

  // Cameras that pause, vanish and come back.

  @Test
  void ffc_shutterCloses_heldWithGrowingAgeThenAlone() {
    rig.camera(VISIBLE, 0, P30, 200, 2).camera(INFRARED, 0, P30, 30, 2);
    rig.camera(INFRARED, 5_000, P30, 50, 2);
    rig.runUntil(990);
    rig.sync.event(INFRARED, CameraEvent.FFC_STARTED, rig.now());
    rig.runUntil(4_990);
    rig.sync.event(INFRARED, CameraEvent.FFC_ENDED, rig.now());
    rig.run();
    List<SyncRig.Shown> during =
        rig.shown.stream().filter(s -> s.captureMs() > 990 && s.captureMs() < 4_980).toList();
    for (SyncRig.Shown shown : during) {
      if (Math.abs(shown.captureMs() - 29 * P30 - 3_000) < 1) {
        continue; // At the limit itself rounding decides.
      }
      assertEquals(FramePair.Cause.FFC, shown.cause());
      boolean young = shown.captureMs() - 29 * P30 <= 3_000;
      assertEquals(young ? INFRARED_HELD : VISIBLE_ONLY, shown.kind());
      assertEquals(2, shown.atMs() - shown.captureMs(), 1e-3, "waited for a closed shutter");
    }
    assertTrue(during.size() > 115);
    SyncRig.Shown last = rig.shown.get(199);
    assertEquals(MATCHED, last.kind());
  }

  @Test
  void frozen_visibleRepeatsAnOldPicture_thermalGoesOutAloneAtOnceUntilTheNextOne() {
    rig.camera(INFRARED, 0, P30, 200, 2).camera(VISIBLE, 0, P30, 30, 2);
    for (int i = 150; i < 200; i++) {
      rig.frame(VISIBLE, i, i * P30, 2);
    }
    rig.runUntil(990);
    rig.sync.event(VISIBLE, CameraEvent.FROZEN, rig.now());
    assertTrue(rig.sync.visibleFrozen());
    assertTrue(rig.sync.silent(VISIBLE, rig.now()));
    rig.runUntil(150 * P30 - 1);
    List<SyncRig.Shown> during = rig.shown.stream().filter(s -> s.captureMs() > 990).toList();
    assertEquals(120, during.size());
    for (SyncRig.Shown shown : during) {
      assertEquals(INFRARED_ONLY, shown.kind());
      assertEquals(FramePair.Cause.FROZEN, shown.cause());
      assertEquals(2, shown.atMs() - shown.captureMs(), 1e-3, "waited for an old picture");
    }
    rig.run();
    assertFalse(rig.sync.visibleFrozen());
    assertTrue(
        rig.shown.subList(rig.shown.size() - 40, rig.shown.size()).stream()
            .allMatch(s -> s.kind() == MATCHED && s.visible() == s.infrared()));
  }

  @Test
  void frozen_thenLost_isLost() {
    rig.camera(INFRARED, 0, P30, 60, 2).camera(VISIBLE, 0, P30, 30, 2);
    rig.runUntil(990);
    rig.sync.event(VISIBLE, CameraEvent.FROZEN, rig.now());
    rig.runUntil(1_500);
    rig.sync.lost(VISIBLE, rig.now());
    rig.run();
    assertEquals(FramePair.Cause.FROZEN, rig.shown.get(40).cause());
    assertEquals(FramePair.Cause.LOST, rig.shown.get(59).cause());
  }

  @Test
  void ffc_short_framesAfterItAreMatchedAgain() {
    rig.camera(VISIBLE, 0, P30, 60, 2).camera(INFRARED, 0, P30, 10, 2);
    for (int i = 25; i < 60; i++) {
      rig.frame(INFRARED, i, i * P30, 2);
    }
    rig.runUntil(320);
    rig.sync.event(INFRARED, CameraEvent.FFC_STARTED, rig.now());
    rig.runUntil(24 * P30 + 10);
    rig.sync.event(INFRARED, CameraEvent.FFC_ENDED, rig.now());
    rig.run();
    assertTrue(
        rig.shown.subList(11, 24).stream()
            .allMatch(s -> s.kind() == INFRARED_HELD && s.cause() == FramePair.Cause.FFC));
    assertTrue(rig.shown.subList(26, 60).stream().allMatch(s -> s.visible() == s.infrared()));
  }

  @Test
  void loss_infraredSilent_heldThenAloneAndNoLongerWaitedFor() {
    rig.camera(VISIBLE, 0, P30, 90, 2).camera(INFRARED, 0, P30, 30, 2).run();
    List<SyncRig.Shown> after = rig.shown.subList(45, 90);
    assertTrue(
        after.stream()
            .allMatch(s -> s.kind() == VISIBLE_ONLY && s.cause() == FramePair.Cause.LOST));
    assertTrue(after.stream().allMatch(s -> s.atMs() - s.captureMs() < 2.001));
    assertTrue(
        rig.shown.subList(33, 38).stream()
            .allMatch(s -> s.kind() == INFRARED_HELD && s.cause() == FramePair.Cause.OVERDUE));
  }

  @Test
  void loss_reported_heldOnlyAsLongAsAllowedAndMatchedOnReturn() {
    rig.camera(VISIBLE, 0, P30, 90, 2).camera(INFRARED, 0, P30, 30, 2);
    for (int i = 60; i < 90; i++) {
      rig.frame(INFRARED, i, i * P30, 2);
    }
    rig.runUntil(1_001);
    rig.sync.lost(INFRARED, rig.now());
    rig.run();
    assertEquals(VISIBLE_ONLY, rig.shown.get(50).kind());
    assertTrue(rig.shown.get(50).cause() == FramePair.Cause.LOST);
    assertTrue(rig.shown.subList(62, 90).stream().allMatch(s -> s.visible() == s.infrared()));
  }

  @Test
  void loss_visibleGone_infraredGoesOutAloneAndYieldsOnReturn() {
    rig.camera(INFRARED, 0, P30, 120, 2).camera(VISIBLE, 0, P30, 30, 2);
    for (int i = 80; i < 120; i++) {
      rig.frame(VISIBLE, i, i * P30, 2);
    }
    rig.runUntil(1_001);
    rig.sync.lost(VISIBLE, rig.now());
    rig.run();
    assertEquals(50.0, count(INFRARED_ONLY), 1.0);
    assertTrue(rig.shown.subList(85, rig.shown.size()).stream().allMatch(s -> s.kind() == MATCHED));
    assertTrue(
        rig.shown.stream()
            .filter(s -> s.kind() == INFRARED_ONLY)
            .allMatch(s -> s.cause() == FramePair.Cause.LOST));
    assertIncreasing();
  }

  @Test
  void loss_visibleSilentAndNotReported_infraredGoesOutAloneAfterThreePeriods() {
    rig.camera(INFRARED, 0, P30, 90, 2).camera(VISIBLE, 0, P30, 30, 2).run();
    SyncRig.Shown first =
        rig.shown.stream().filter(s -> s.kind() == INFRARED_ONLY).findFirst().orElseThrow();
    assertTrue(first.atMs() <= 29 * P30 + 2 + 3 * P30 + 1, () -> "at " + first.atMs());
    assertTrue(count(INFRARED_ONLY) >= 50);
    assertIncreasing();
  }

  @Test
  void start_infraredMissing_visibleGoesOutAloneAfterTheWaitAndAtOnceWhenReported() {
    rig.camera(VISIBLE, 0, P30, 60, 2);
    rig.runUntil(1_000);
    assertTrue(rig.shown.stream().allMatch(s -> s.atMs() - s.captureMs() <= 42.001));
    int before = rig.shown.size();
    rig.sync.lost(INFRARED, rig.now());
    rig.run();
    assertEquals(60, count(VISIBLE_ONLY));
    assertTrue(
        rig.shown.subList(before + 2, 60).stream()
            .allMatch(s -> s.atMs() - s.captureMs() < 2.001 && s.cause() == FramePair.Cause.LOST));
  }

  // Overload and nonsense.

  @Test
  void overload_nobodyPolls_queueKeepsTheNewestAndTheRestIsCounted() {
    use(live(20, 40, 4));
    for (int i = 0; i < 10; i++) {
      rig.sync.offer(VISIBLE, rig.picture(VISIBLE, i, i * P30), SyncRig.ns(400));
      rig.sync.offer(INFRARED, rig.picture(INFRARED, i, i * P30), SyncRig.ns(400));
    }
    rig.runUntil(400);
    assertEquals(List.of("6+6", "7+7", "8+8", "9+9"), rig.numbers());
    assertEquals(6, rig.statistics.count(VISIBLE, SyncOutcome.OVERLOAD));
    assertEquals(6, rig.statistics.count(INFRARED, SyncOutcome.OVERLOAD));
  }

  @Test
  void implausibleStamp_hoursAway_isRefusedAndDoesNotBlock() {
    rig.camera(VISIBLE, 0, P30, 30, 1).camera(INFRARED, 0, P30, 30, 1);
    rig.frame(VISIBLE, 500, 7_200_000, -7_200_000 + 101);
    rig.frame(INFRARED, 501, -3_600_000, 3_600_000 + 102);
    rig.run();
    assertEquals(30, count(MATCHED));
    assertEquals(1, rig.statistics.count(VISIBLE, SyncOutcome.IMPLAUSIBLE));
    assertEquals(1, rig.statistics.count(INFRARED, SyncOutcome.IMPLAUSIBLE));
  }

  @Test
  void close_framesWaiting_allReleasedAndCounted() {
    rig.visible(0).visible(30).infrared(60);
    rig.sync.offer(VISIBLE, rig.picture(VISIBLE, 0, 0), 0);
    rig.sync.offer(INFRARED, rig.picture(INFRARED, 0, 90), 0);
    rig.sync.close();
    assertEquals(0, rig.pool.leased());
    assertEquals(1, rig.statistics.count(VISIBLE, SyncOutcome.FLUSHED));
  }

  // Files.

  @Test
  void asTaken_sameTimesDifferentPace_everyFramePairedExactlyWhateverTheClockSays() {
    use(SyncSettings.asTaken());
    int infrared = 0;
    for (int i = 0; i < 100; i++) {
      while (!rig.sync.accepts(VISIBLE)) {
        rig.sync.offer(INFRARED, rig.picture(INFRARED, infrared, infrared * 40), infrared);
        infrared++;
        rig.poll();
      }
      rig.sync.offer(VISIBLE, rig.picture(VISIBLE, i, i * 40), i * 1_000_000_000L);
      rig.poll();
    }
    rig.sync.event(VISIBLE, CameraEvent.END_OF_STREAM, 0);
    for (; infrared < 100; infrared++) {
      assertTrue(rig.sync.accepts(INFRARED));
      rig.sync.offer(INFRARED, rig.picture(INFRARED, infrared, infrared * 40), 0);
      rig.poll();
    }
    assertFalse(rig.sync.drained());
    rig.sync.event(INFRARED, CameraEvent.END_OF_STREAM, 0);
    rig.poll();
    assertTrue(rig.sync.drained());
    assertEquals(100, count(MATCHED));
    assertTrue(rig.shown.stream().allMatch(s -> s.visible() == s.infrared()));
    assertEquals(0, rig.statistics.dropped(VISIBLE) + rig.statistics.dropped(INFRARED));
  }

  @Test
  void asTaken_oneFileShorter_theRestGoesOutAlone() {
    use(SyncSettings.asTaken());
    for (int i = 0; i < 20; i++) {
      if (i < 10) {
        rig.sync.offer(INFRARED, rig.picture(INFRARED, i, i * 40), 0);
      } else if (i == 10) {
        rig.sync.event(INFRARED, CameraEvent.END_OF_STREAM, 0);
      }
      rig.sync.offer(VISIBLE, rig.picture(VISIBLE, i, i * 40), 0);
      rig.poll();
    }
    rig.sync.event(VISIBLE, CameraEvent.END_OF_STREAM, 0);
    rig.poll();
    assertTrue(rig.sync.drained());
    assertEquals(20, rig.shown.size());
    assertEquals(10, count(MATCHED));
    assertEquals(VISIBLE_ONLY, rig.shown.get(19).kind());
  }

  @Test
  void settings_outOfRange_messageNamesTheValue() {
    IllegalArgumentException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            IllegalArgumentException.class, () -> live(20, 40, 1));
    assertEquals("sync queue of 1 frames: 2 to 64 are allowed", e.getMessage());
  }

  private int count(FramePair.Kind kind) {
    return (int) rig.shown.stream().filter(s -> s.kind() == kind).count();
  }

  private void assertIncreasing() {
    double last = -1;
    for (SyncRig.Shown shown : rig.shown) {
      assertTrue(shown.captureMs() > last, () -> "out of order: " + shown);
      last = shown.captureMs();
    }
  }
}

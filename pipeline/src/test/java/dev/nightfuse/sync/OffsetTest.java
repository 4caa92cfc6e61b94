package dev.nightfuse.sync;

import static dev.nightfuse.camera.Modality.INFRARED;
import static dev.nightfuse.camera.Modality.VISIBLE;
import static dev.nightfuse.sync.FramePair.Kind.INFRARED_HELD;
import static dev.nightfuse.sync.FramePair.Kind.MATCHED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.Pacing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cameras whose pictures come later than the other's by more than a few frames. */
final class OffsetTest extends SyncCase {

  @Test
  void offset_infraredLaterThanTheQueueIsLong_everyFrameGoesOutAndNothingFreezes() {
    SyncSettings d = SyncSettings.live();
    use(
        new SyncSettings(
            Pacing.LIVE,
            d.toleranceNs(),
            SyncRig.ns(250),
            d.maxHoldNs(),
            d.ffcHoldNs(),
            d.queueFrames(),
            0,
            SyncRig.ns(200)));
    rig.camera(VISIBLE, 0, P30, 600, 3).camera(INFRARED, 200, P30, 600, 3).run();
    assertEquals(600, rig.shown.stream().filter(s -> s.visible() >= 0).count());
    // Without the first ones, which wait for a camera not seen yet, and the last, which none
    // follow.
    for (int i = 20; i < 595; i++) {
      double gapMs = rig.shown.get(i).atMs() - rig.shown.get(i - 1).atMs();
      assertTrue(gapMs <= 2 * P30, () -> "nothing shown for " + gapMs + " ms");
    }
    for (SyncRig.Shown shown : rig.shown.subList(20, 590)) {
      assertEquals(INFRARED_HELD, shown.kind(), shown::toString);
    }
  }

  @Test
  void offset_infraredLater_visibleWaitsInAQueueThatIsLongEnough() {
    use(liveAt(250, 0, 200));
    assertEquals(List.of(), rig.settings().limits());
    rig.camera(VISIBLE, 0, P30, 600, 3).camera(INFRARED, 200, P30, 600, 3).run();
    assertNothingIsMissed();
  }

  @Test
  void offset_visibleLater_infraredWaitsInAQueueThatIsLongEnough() {
    use(liveAt(40, 150, 0));
    assertEquals(List.of(), rig.settings().limits());
    rig.camera(VISIBLE, 150, P30, 600, 3).camera(INFRARED, 0, P30, 600, 3).run();
    assertNothingIsMissed();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-10_000, -1_500, 10_000})
  void offset_asFarAsIsAllowed_noStampIsImplausible(double offsetMs) {
    use(liveAt(40, 0, offsetMs));
    rig.camera(VISIBLE, 0, P30, 60, 3).camera(INFRARED, 0, P30, 60, 200).run();
    assertEquals(0, rig.statistics.count(INFRARED, SyncOutcome.IMPLAUSIBLE));
  }

  @Test
  void limits_timesThatCannotBeMet_areToldWithWhatIsPossible() {
    assertEquals(4, liveAt(40, 0, 0).queueFrames());
    assertEquals(List.of(), liveAt(1_000, 0, 0).limits());
    String late = liveAt(40, 0, 200).limits().toString();
    assertTrue(late.contains("comes 200 ms before"), late);
    assertTrue(late.contains("waits 40 ms at most (sync.wait_ms)"), late);
    assertEquals(List.of(), liveAt(40, 0, 20).limits());
    assertEquals(1, liveAt(40, 0, 21).limits().size());
    SyncSettings tooFar = liveAt(40, 10_000, 0);
    assertEquals(64, tooFar.queueFrames());
    String far = tooFar.limits().toString();
    assertTrue(far.contains("the frames of 10040 ms; 64 frames are kept"), far);
    assertTrue(far.contains("of 1066 ms at 60 and 2133 ms at 30 frames per second"), far);
  }

  private static SyncSettings liveAt(
      double waitMs, double visibleOffsetMs, double infraredOffsetMs) {
    SyncSettings d = SyncSettings.live();
    return SyncSettings.live(
        d.toleranceNs(),
        SyncRig.ns(waitMs),
        d.maxHoldNs(),
        d.ffcHoldNs(),
        SyncRig.ns(visibleOffsetMs),
        SyncRig.ns(infraredOffsetMs));
  }

  private void assertNothingIsMissed() {
    List<SyncRig.Shown> settled = rig.shown.stream().filter(s -> s.visible() >= 10).toList();
    assertEquals(590, settled.size());
    for (SyncRig.Shown shown : settled) {
      assertEquals(MATCHED, shown.kind(), shown::toString);
      assertEquals(shown.visible(), shown.infrared());
    }
  }
}

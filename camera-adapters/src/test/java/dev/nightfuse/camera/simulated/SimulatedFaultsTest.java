package dev.nightfuse.camera.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.testing.ManualClock;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulatedFaultsTest {

  private static final String SMALL = "simulated:night?size=160x120&fps=10&ir_fps=10";

  @Test
  void asTaken_noFaults_countsFromZeroAndEnds() throws Exception {
    Take take = Take.of(SMALL + "&frames=5", Modality.VISIBLE);
    assertEquals(
        List.of(0L, 100_000_000L, 200_000_000L, 300_000_000L, 400_000_000L),
        take.shots.stream().map(Take.Shot::captureNs).toList());
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L), take.shots.stream().map(Take.Shot::number).toList());
    assertEquals(List.of(CameraEvent.END_OF_STREAM), take.events);
  }

  @Test
  void slowerInfrared_asTaken_keepsItsOwnTimes() throws Exception {
    Take take =
        Take.of("simulated:night?size=160x120&fps=30&ir_fps=9&frames=10", Modality.INFRARED);
    assertEquals(1_000_000_000L, take.shots.get(9).captureNs());
  }

  @Test
  void skew_shiftsInfraredStampsOnly() throws Exception {
    for (Take.Shot shot : Take.of(SMALL + "&frames=4&skew_ms=12.5", Modality.INFRARED).shots) {
      assertEquals(12_500_000, shot.captureNs() - shot.trueNs());
    }
    for (Take.Shot shot : Take.of(SMALL + "&frames=4&skew_ms=12.5", Modality.VISIBLE).shots) {
      assertEquals(0, shot.captureNs() - shot.trueNs());
    }
  }

  @Test
  void drift_growsWithTime() throws Exception {
    Take take = Take.of(SMALL + "&frames=21&drift_ppm=1000", Modality.INFRARED);
    assertEquals(0, take.shots.get(0).captureNs());
    Take.Shot last = take.shots.get(20);
    assertEquals(2_000_000, last.captureNs() - last.trueNs());
  }

  @Test
  void jitter_staysWithinItsBound_andIsRepeatable() throws Exception {
    String address = SMALL + "&frames=60&jitter_ms=8";
    List<Long> off = offsets(Take.of(address, Modality.VISIBLE));
    assertEquals(off, offsets(Take.of(address, Modality.VISIBLE)));
    assertTrue(Collections.max(off) <= 8_000_000 && Collections.max(off) > 4_000_000, "" + off);
    assertTrue(Collections.min(off) >= -8_000_000 && Collections.min(off) < -4_000_000, "" + off);
  }

  @Test
  void jitter_beyondThePeriod_neverRunsBackwards() throws Exception {
    Take take = Take.of(SMALL + "&frames=80&jitter_ms=400", Modality.VISIBLE);
    for (int i = 1; i < take.shots.size(); i++) {
      assertTrue(take.shots.get(i).captureNs() > take.shots.get(i - 1).captureNs());
    }
  }

  private static List<Long> offsets(Take take) {
    return take.shots.stream().map(shot -> shot.captureNs() - shot.trueNs()).toList();
  }

  @Test
  void drop_losesItsShare_leavesGapsAndTells() throws Exception {
    Take take = Take.of(SMALL + "&frames=300&drop=0.2&seed=4", Modality.VISIBLE);
    long lost = Collections.frequency(take.events, CameraEvent.FRAME_LOST);
    assertEquals(300, take.shots.size() + lost);
    assertTrue(lost > 35 && lost < 90, "lost " + lost);
    Take.Shot last = take.shots.get(take.shots.size() - 1);
    assertEquals(last.number(), last.sequence());
    assertTrue(last.sequence() >= 290, "numbers count lost frames");
  }

  @Test
  void ffc_pausesTheInfraredCamera_betweenItsEvents() throws Exception {
    Take take = Take.of(SMALL + "&frames=45&ffc_every_s=2&ffc_ms=500", Modality.INFRARED);
    assertEquals(
        List.of(
            CameraEvent.FFC_STARTED,
            CameraEvent.FFC_ENDED,
            CameraEvent.FFC_STARTED,
            CameraEvent.FFC_ENDED,
            CameraEvent.END_OF_STREAM),
        take.events);
    // 1.5 to 1.9 s and 3.5 to 3.9 s are dark: five frames each.
    assertEquals(35, take.shots.size());
    assertTrue(take.shots.stream().noneMatch(shot -> shot.number() >= 15 && shot.number() < 20));
    assertEquals(
        45, Take.of(SMALL + "&frames=45&ffc_every_s=2&ffc_ms=500", Modality.VISIBLE).shots.size());
  }

  @Test
  void ffc_repeating_deliversTheLastPictureAgainAndTellsNothing() throws Exception {
    String address = SMALL + "&frames=45&ffc_every_s=2&ffc_ms=500";
    Take take = Take.of(address + "&ffc=repeat", Modality.INFRARED);
    assertEquals(List.of(CameraEvent.END_OF_STREAM), take.events);
    assertEquals(45, take.shots.size());
    List<Take.Shot> seen = Take.of(address, Modality.INFRARED).shots;
    for (int i = 0; i < 45; i++) {
      // 1.5 to 1.9 s and 3.5 to 3.9 s show what was seen at 1.4 and 3.4 s.
      int last = i % 20 >= 15 ? i - i % 20 + 14 : i;
      Take.Shot shot = take.shots.get(i);
      assertEquals(last, shot.number(), "frame " + i);
      assertEquals(take.shots.get(last).pixelHash(), shot.pixelHash(), "frame " + i);
      assertEquals(i * 100_000_000L, shot.captureNs());
      assertTrue(
          seen.stream().anyMatch(s -> s.pixelHash() == shot.pixelHash()), "as without: " + i);
    }
    assertEquals(35, take.shots.stream().map(Take.Shot::pixelHash).distinct().count());
  }

  @Test
  void freeze_visibleCameraHangs_deliversTheLastPictureAgain() throws Exception {
    String address = SMALL + "&frames=45&freeze_every_s=2&freeze_for_s=0.5";
    Take take = Take.of(address, Modality.VISIBLE);
    assertEquals(45, take.shots.size());
    for (int i = 0; i < 45; i++) {
      // 1.5 to 1.9 s and 3.5 to 3.9 s show what was seen at 1.4 and 3.4 s.
      int last = i % 20 >= 15 ? i - i % 20 + 14 : i;
      assertEquals(last, take.shots.get(i).number(), "frame " + i);
      assertEquals(i * 100_000_000L, take.shots.get(i).captureNs());
    }
    assertEquals(35, take.shots.stream().map(Take.Shot::pixelHash).distinct().count());
    Take infrared = Take.of(address, Modality.INFRARED);
    assertEquals(List.of(CameraEvent.END_OF_STREAM), infrared.events);
    assertEquals(45, infrared.shots.stream().map(Take.Shot::pixelHash).distinct().count());
  }

  @ParameterizedTest
  @CsvSource({
    "'', INFRARED, 0",
    "&ffc=repeat, INFRARED, 300",
    "&ffc=repeat&freeze_ms=0, INFRARED, 0",
    "&ffc=repeat, VISIBLE, 0",
    "&freeze_every_s=60, VISIBLE, 300",
    "&freeze_every_s=60&freeze_ms=2000, VISIBLE, 2000",
    "&freeze_every_s=60, INFRARED, 0"
  })
  void freezeMs_isThatOfACameraThatRepeats(String options, Modality modality, long expected)
      throws Exception {
    assertEquals(
        expected,
        new SimulatedAdapter()
            .open(Take.settings(SMALL + options, modality, Pacing.LIVE, new ManualClock(0)))
            .freezeMs());
  }

  @Test
  void lose_failsOnce_thenOpeningFails_thenTheCameraIsBack() throws Exception {
    String address = SMALL + "&frames=40&lose=infrared&lose_at_s=1&lose_for_s=5";
    ManualClock clock = new ManualClock(77);
    SimulatedAdapter adapter = new SimulatedAdapter();
    Take first = new Take();
    var source = adapter.open(Take.settings(address, Modality.INFRARED, Pacing.AS_TAKEN, clock));
    assertEquals(
        "test/infrared (simulated:night): camera lost (simulated loss)",
        messageOf(() -> source.run(first, () -> false)));
    assertEquals(10, first.shots.size());

    clock.advanceMs(4_999);
    assertEquals(
        "test/infrared (simulated:night): no such camera now (simulated loss)",
        messageOf(() -> Take.of(adapter, address, Modality.INFRARED, clock)));
    assertEquals(40, Take.of(adapter, address, Modality.VISIBLE, clock).shots.size());

    clock.advanceMs(1);
    assertEquals(40, Take.of(adapter, address, Modality.INFRARED, clock).shots.size());
  }

  private static String messageOf(org.junit.jupiter.api.function.Executable run) {
    return String.valueOf(assertThrows(CameraException.class, run).getMessage());
  }
}

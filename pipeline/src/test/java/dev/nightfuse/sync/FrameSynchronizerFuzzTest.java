package dev.nightfuse.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.Modality;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cameras that misbehave at random: whatever they do, these things hold. */
final class FrameSynchronizerFuzzTest {

  private static final double SECONDS = 60;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void misbehavingCameras_anySeed_releasedOnceInOrderAndInTime(long seed) {
    Random random = new Random(seed);
    SyncRig rig = new SyncRig(SyncSettings.live());
    int visible = schedule(rig, Modality.VISIBLE, random);
    int infrared = schedule(rig, Modality.INFRARED, random);
    for (double at = 500; at < SECONDS * 1000; at += 200 + random.nextInt(3_000)) {
      rig.runUntil(at);
      switch (random.nextInt(6)) {
        case 0 -> rig.sync.event(Modality.INFRARED, CameraEvent.FFC_STARTED, rig.now());
        case 1, 2 -> rig.sync.event(Modality.INFRARED, CameraEvent.FFC_ENDED, rig.now());
        case 3 -> rig.sync.lost(Modality.INFRARED, rig.now());
        case 4 -> rig.sync.lost(Modality.VISIBLE, rig.now());
        default -> rig.sync.event(Modality.VISIBLE, CameraEvent.FRAME_LOST, rig.now());
      }
    }
    rig.run();
    rig.sync.close();

    assertEquals(0, rig.pool.leased(), "every frame is released, none twice");
    assertEquals(visible, decided(rig, Modality.VISIBLE));
    assertEquals(infrared, decided(rig, Modality.INFRARED));
    long shownAtTheirTime =
        visible
            - rig.statistics.dropped(Modality.VISIBLE)
            + rig.statistics.count(Modality.INFRARED, SyncOutcome.ALONE);
    assertEquals(shownAtTheirTime, rig.shown.size());

    double lastMs = -1;
    long lastVisible = -1;
    for (SyncRig.Shown shown : rig.shown) {
      assertTrue(shown.captureMs() > lastMs, () -> "not in order: " + shown);
      lastMs = shown.captureMs();
      if (shown.visible() >= 0) {
        assertTrue(shown.visible() > lastVisible, () -> "shown twice: " + shown);
        lastVisible = shown.visible();
      }
      if (shown.kind() == FramePair.Kind.MATCHED) {
        assertTrue(Math.abs(shown.skewMs()) <= 20, () -> "beyond tolerance: " + shown);
      }
      if (shown.kind() == FramePair.Kind.INFRARED_HELD) {
        assertTrue(shown.ageMs() <= 3_000, () -> "held too long: " + shown);
      }
      if (shown.visible() >= 0) {
        double waitedMs = shown.atMs() - rig.arrivalMs(Modality.VISIBLE, shown.visible());
        assertTrue(waitedMs <= 40.001, () -> "waited too long: " + waitedMs + " " + shown);
      }
    }
  }

  /** A rate, jitter, drift, gaps, stamps that repeat or go back, and bursts on the way. */
  private static int schedule(SyncRig rig, Modality camera, Random random) {
    double[] rates = {5, 8.6, 9, 15, 24, 25, 29.97, 30, 50, 60};
    double period = 1000 / rates[random.nextInt(rates.length)];
    double jitter = random.nextInt(4) * 0.05 * period;
    double delay = 1 + random.nextInt(30);
    int drops = random.nextInt(4);
    double time = random.nextInt(200);
    double lastArrival = 0;
    int number = 0;
    double gapUntil = 0;
    while (time < SECONDS * 1000) {
      time += period * (1 + 1e-4 * (random.nextInt(21) - 10));
      if (random.nextInt(300) == 0) {
        gapUntil = time + random.nextInt(2_000);
      }
      if (time < gapUntil || random.nextInt(20) < drops) {
        continue;
      }
      double stamp = time + random.nextGaussian() * jitter / 3;
      if (random.nextInt(100) == 0) {
        stamp -= random.nextInt(100);
      }
      double arrival = Math.max(lastArrival, time + delay + random.nextInt(8));
      if (random.nextInt(60) == 0) {
        arrival += random.nextInt(150);
      }
      lastArrival = arrival;
      rig.frame(camera, number++, stamp, arrival - stamp);
      if (random.nextInt(100) == 0) {
        rig.frame(camera, number++, stamp, arrival - stamp);
      }
    }
    return number;
  }

  private static long decided(SyncRig rig, Modality modality) {
    return Arrays.stream(SyncOutcome.values())
        .mapToLong(outcome -> rig.statistics.count(modality, outcome))
        .sum();
  }
}

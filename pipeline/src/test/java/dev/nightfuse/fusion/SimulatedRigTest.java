package dev.nightfuse.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.simulated.SimulatedAdapter;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.GroundTruth;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.registration.Registrar;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.sync.FrameSynchronizer;
import dev.nightfuse.sync.SyncOutcome;
import dev.nightfuse.sync.SyncSettings;
import dev.nightfuse.sync.SyncStatistics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Matching and registration against what the simulated rig knows to be true. */
final class SimulatedRigTest {

  private static final int FRAMES = 45;

  /** Everything that a camera delivers, waiting to be offered. */
  private static Deque<Frame> film(String address, Modality modality) throws CameraException {
    Deque<Frame> frames = new ArrayDeque<>();
    CameraSettings settings =
        new CameraSettings(
            "test/" + modality.label(),
            modality,
            CameraUri.parse(address),
            Pacing.AS_TAKEN,
            FRAMES + 1,
            FrameClock.system());
    FrameSink sink =
        new FrameSink() {
          @Override
          public void started(FrameFormat format) {}

          @Override
          public void frame(Frame frame) {
            frames.add(frame);
          }

          @Override
          public void event(CameraEvent event) {}
        };
    new SimulatedAdapter().open(settings).run(sink, () -> false);
    return frames;
  }

  /** Offers both films as the synchronizer takes them; the infrared one is the slower to come. */
  private static List<FramePair> match(
      SyncSettings settings, SyncStatistics statistics, Deque<Frame> visible, Deque<Frame> infrared)
      throws CameraException {
    List<FramePair> pairs = new ArrayList<>();
    try (FrameSynchronizer sync = new FrameSynchronizer(settings, statistics)) {
      while (!sync.drained()) {
        Modality next =
            sync.accepts(Modality.VISIBLE) && !visible.isEmpty()
                ? Modality.VISIBLE
                : Modality.INFRARED;
        Frame frame = next == Modality.VISIBLE ? visible.poll() : infrared.poll();
        if (frame != null) {
          sync.offer(next, frame, 0);
        }
        if (visible.isEmpty()) {
          sync.event(Modality.VISIBLE, CameraEvent.END_OF_STREAM, 0);
        }
        if (infrared.isEmpty()) {
          sync.event(Modality.INFRARED, CameraEvent.END_OF_STREAM, 0);
        }
        for (FramePair p = sync.poll(0); p != null; p = sync.poll(0)) {
          pairs.add(p);
        }
      }
    }
    return pairs;
  }

  private static GroundTruth truth(@Nullable Frame frame) {
    assertNotNull(frame);
    GroundTruth truth = frame.truth();
    assertNotNull(truth);
    return truth;
  }

  @Test
  void matching_jitterSkewAndDrops_pairsShareTheirTrueExposure() throws CameraException {
    String address =
        "simulated:night?frames=45&size=160x120&jitter_ms=4&skew_ms=55&drop=0.1&seed=7";
    SyncSettings d = SyncSettings.asTaken();
    SyncSettings settings =
        new SyncSettings(
            Pacing.AS_TAKEN,
            d.toleranceNs(),
            d.maxWaitNs(),
            d.maxHoldNs(),
            d.ffcHoldNs(),
            d.queueFrames(),
            0,
            55_000_000);
    SyncStatistics statistics = new SyncStatistics();
    Deque<Frame> visible = film(address, Modality.VISIBLE);
    int taken = visible.size();
    List<FramePair> pairs = match(settings, statistics, visible, film(address, Modality.INFRARED));
    long matched = 0;
    for (FramePair pair : pairs) {
      if (pair.kind() == FramePair.Kind.MATCHED) {
        assertEquals(truth(pair.visible()).trueCaptureNs(), truth(pair.infrared()).trueCaptureNs());
        matched++;
      }
      pair.release();
    }
    assertTrue(matched > 30, "matched " + matched);
    assertEquals(0, statistics.dropped(Modality.VISIBLE), "files lose nothing");
    assertTrue(taken < FRAMES, "the camera was told to drop frames");
    assertEquals(0, statistics.count(Modality.INFRARED, SyncOutcome.OVERLOAD));
  }

  @Test
  void registration_byTheTrueGeometry_laysWarmClassesOntoThemselves() throws CameraException {
    String address = "simulated:night?frames=45&size=320x240&ir_size=160x128&seed=3";
    List<FramePair> pairs =
        match(
            SyncSettings.asTaken(),
            new SyncStatistics(),
            film(address, Modality.VISIBLE),
            film(address, Modality.INFRARED));
    Registrar registrar = null;
    Frame mask = frame(160, 128);
    Frame onto = frame(320, 240);
    long both = 0;
    long either = 0;
    for (FramePair pair : pairs) {
      GroundTruth seen = truth(pair.visible());
      GroundTruth warm = truth(pair.infrared());
      if (registrar == null) {
        registrar =
            new Registrar(Alignment.homography(warm.infraredToVisible()).at(160, 128, 320, 240), 0);
      }
      for (int i = 0; i < 160 * 128; i++) {
        mask.plane(0).put(i, (byte) (isObject(warm, i) ? 255 : 0));
      }
      registrar.register(mask.plane(0), onto.plane(0));
      for (int i = 0; i < 320 * 240; i++) {
        boolean a = (onto.plane(0).get(i) & 0xff) >= 128;
        boolean b = isObject(seen, i);
        both += a && b ? 1 : 0;
        either += a || b ? 1 : 0;
      }
      pair.release();
    }
    assertTrue(either > 1_000, "the scene is empty");
    double overlap = (double) both / either;
    assertTrue(overlap > 0.85, "overlap " + overlap);
  }

  private static boolean isObject(GroundTruth truth, int pixel) {
    int label = truth.classMap().get(pixel);
    return label == 1 || label == 2 || label == 3;
  }

  private static Frame frame(int width, int height) {
    Frame frame = new FramePool(new FrameFormat(PixelFormat.GRAY8, width, height), 1).tryBorrow();
    assertNotNull(frame);
    return frame;
  }
}

package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.config.RigConfig;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.WindowToneMapper;
import dev.nightfuse.registration.TimeOffset;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.sync.FrameSynchronizer;
import dev.nightfuse.sync.SyncSettings;
import dev.nightfuse.sync.SyncStatistics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes now and then what both cameras of a rig show at a moment, each as it delivers it: matched
 * in time, not registered, not fused. Opens the cameras, which nobody else may have open, and
 * closes them.
 */
final class PairSampler {

  /** Without a pair for so long something is wrong. */
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

  /** Arriving, held, and in hand; those that wait for a partner come on top. */
  private static final int CAMERA_FRAMES = 8;

  /**
   * One moment; rows are tight.
   *
   * @param visible luma
   * @param infrared 8 bits; 16 are brought there as for fusion
   */
  record Still(
      FrameFormat visibleFormat, byte[] visible, FrameFormat infraredFormat, byte[] infrared) {}

  private final RigConfig rig;
  private final CameraAdapters adapters;
  private final SyncSettings sync;
  private final TimeOffset times;
  private final FrameClock clock = FrameClock.system();
  private final ArrivalBox box = new ArrivalBox(Pacing.LIVE, clock);
  private final WindowToneMapper toneMapper = new WindowToneMapper();
  private final List<Still> stills = new ArrayList<>();
  private volatile boolean stopping;
  private volatile @Nullable CameraException failure;

  /**
   * @param sync how frames are matched
   * @param times is given every frame
   */
  PairSampler(RigConfig rig, CameraAdapters adapters, SyncSettings sync, TimeOffset times) {
    this.rig = rig;
    this.adapters = adapters;
    this.sync = sync;
    this.times = times;
  }

  /**
   * Fewer than wanted when the cameras end before.
   *
   * @param everyNs from one pair to the next, at least
   */
  List<Still> take(int wanted, long everyNs, Progress progress)
      throws UserErrorException, InterruptedException {
    Thread visible = source(Modality.VISIBLE, rig.visible());
    Thread infrared = source(Modality.INFRARED, rig.infrared());
    try (FrameSynchronizer synchronizer = new FrameSynchronizer(sync, new SyncStatistics())) {
      long dueNs = clock.nowNs();
      while (stills.size() < wanted && !synchronizer.drained()) {
        long nowNs = clock.nowNs();
        long lateNs = dueNs + PATIENCE_NS;
        ArrivalBox.Arrival arrival =
            box.take(Math.min(synchronizer.nextWakeUpNs(), lateNs), camera -> true);
        if (arrival != null) {
          if (arrival.frame() != null) {
            times.add(arrival.modality(), arrival.frame());
          }
          arrival.offerTo(synchronizer, clock.nowNs());
        }
        requireCameras(nowNs > lateNs);
        FramePair pair = synchronizer.poll(clock.nowNs());
        if (pair != null) {
          if (pair.kind() == FramePair.Kind.MATCHED && nowNs >= dueNs && keep(pair)) {
            dueNs = nowNs + everyNs;
            progress.step();
          }
          pair.release();
        }
      }
      requireCameras(false);
    } finally {
      stopping = true;
      box.close();
      visible.join();
      infrared.join();
    }
    return stills;
  }

  private void requireCameras(boolean late) throws UserErrorException {
    CameraException cause = failure;
    if (cause != null) {
      throw new UserErrorException(ExitCode.NO_INPUT, String.valueOf(cause.getMessage()));
    }
    if (late) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "%s: no pair within %.0f ms (sync.tolerance_ms) for %d s; do both cameras deliver?"
              .formatted(
                  rig.name(),
                  sync.toleranceNs() / 1e6,
                  TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS)));
    }
  }

  /** False when the sizes are not those of the pairs before. */
  private boolean keep(FramePair pair) {
    Frame visible = pair.visible();
    Frame infrared = pair.infrared();
    if (visible == null || infrared == null) {
      return false;
    }
    if (!stills.isEmpty()
        && !(stills.get(0).visibleFormat().equals(visible.format())
            && stills.get(0).infraredFormat().equals(infrared.format()))) {
      return false;
    }
    stills.add(new Still(visible.format(), plane(visible), infrared.format(), levels(infrared)));
    return true;
  }

  private byte[] levels(Frame infrared) {
    if (infrared.format().pixelFormat() != PixelFormat.GRAY16_LE) {
      return plane(infrared);
    }
    ByteBuffer mapped =
        ByteBuffer.allocateDirect(infrared.format().widthPx() * infrared.format().heightPx());
    toneMapper.map(infrared, mapped);
    byte[] levels = new byte[mapped.capacity()];
    mapped.get(0, levels);
    return levels;
  }

  private static byte[] plane(Frame frame) {
    byte[] levels = new byte[frame.format().widthPx() * frame.format().heightPx()];
    frame.plane(0).get(0, levels);
    return levels;
  }

  private Thread source(Modality modality, RigConfig.Camera camera) {
    CameraSettings settings =
        new CameraSettings(
            rig.name() + "/" + modality.label(),
            modality,
            camera.uri(),
            Pacing.LIVE,
            CAMERA_FRAMES + sync.queueFrames(),
            clock);
    Thread thread =
        new Thread(
            () -> {
              try {
                adapters.open(settings).run(box.sink(rig.name(), modality), () -> stopping);
              } catch (CameraException e) {
                failure = e;
              }
              box.tell(modality, ArrivalBox.Note.ENDED);
            },
            "capture-" + settings.name());
    thread.start();
    return thread;
  }
}

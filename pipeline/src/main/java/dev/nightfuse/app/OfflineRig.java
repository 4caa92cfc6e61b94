package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.encode.EncoderChooser;
import dev.nightfuse.encode.EncoderException;
import dev.nightfuse.encode.EncoderKind;
import dev.nightfuse.encode.EncoderSettings;
import dev.nightfuse.encode.GstEncoderFactory;
import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.fusion.BatchSettings;
import dev.nightfuse.fusion.EngineOpener;
import dev.nightfuse.fusion.FusionBatcher;
import dev.nightfuse.fusion.FusionSettings;
import dev.nightfuse.fusion.FusionStage;
import dev.nightfuse.fusion.WindowToneMapper;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.overlay.ClassPalette;
import dev.nightfuse.overlay.OverlayControl;
import dev.nightfuse.overlay.OverlaySettings;
import dev.nightfuse.overlay.ViewRenderer;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.stream.View;
import dev.nightfuse.sync.FrameSynchronizer;
import dev.nightfuse.sync.PairLine;
import dev.nightfuse.sync.SyncSettings;
import dev.nightfuse.sync.SyncStatistics;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A rig that is not live: its cameras deliver as fast as they are taken, nothing is dropped, every
 * part waits for the next. One view is encoded.
 */
final class OfflineRig {

  private static final String NAME = "offline";
  private static final int SOURCE_FRAMES = 8;
  private static final int DRAWN_FRAMES = 4;

  /**
   * What is fused, and how.
   *
   * @param visible where the visible frames come from
   * @param infrared where the infrared frames come from
   */
  record Plan(
      CameraUri visible,
      CameraUri infrared,
      Alignment alignment,
      View view,
      EncoderSettings encoder) {}

  private final Plan plan;
  private final EngineOpener engines;
  private final CameraAdapters adapters;
  private final FrameClock clock = FrameClock.system();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean stopping;

  OfflineRig(Plan plan, EngineOpener engines, CameraAdapters adapters) {
    this.plan = plan;
    this.engines = engines;
    this.adapters = adapters;
  }

  /** Ends a run early, from any thread. */
  void stop() {
    stopping = true;
  }

  /**
   * Runs until both sources are at their end, or {@link #stop}.
   *
   * @param listener takes the encoded view, on the encoder's thread
   */
  void run(VideoEncoder.Listener listener) throws UserErrorException, InterruptedException {
    GstRuntime gst = Nightfuse.gstreamer();
    ArrivalBox box = new ArrivalBox(Pacing.AS_TAKEN, clock);
    try (FusionBatcher batcher =
            new FusionBatcher(engines, BatchSettings.defaults().sharedBy(1, 0), clock);
        OfflineEncoding encoding = encoding(gst, listener);
        RigLoop loop = loop(box, batcher, encoding)) {
      loop.start();
      Thread visible = source(Modality.VISIBLE, plan.visible(), loop, box);
      Thread infrared = source(Modality.INFRARED, plan.infrared(), loop, box);
      try {
        loop.end().get();
        encoding.drain();
      } catch (ExecutionException e) {
        failure.compareAndSet(null, e.getCause() instanceof Exception cause ? cause : e);
      } catch (EncoderException e) {
        failure.compareAndSet(null, e);
      } finally {
        stopping = true;
        box.close();
        visible.join();
        infrared.join();
      }
    }
    rethrow();
  }

  private OfflineEncoding encoding(GstRuntime gst, VideoEncoder.Listener listener)
      throws UserErrorException {
    ViewRenderer renderer =
        new ViewRenderer(
            plan.view(),
            new OverlayControl(OverlaySettings.defaults()),
            ClassPalette.mfnet(),
            DRAWN_FRAMES,
            clock,
            metrics("draw"));
    try {
      // Software: quality and reproducibility count here, not the load of the machine.
      List<EncoderKind> x264 = new EncoderChooser(gst).choose("x264enc").kinds();
      return new OfflineEncoding(
          renderer,
          new GstEncoderFactory(gst, x264, plan.encoder(), clock, metrics("encode"), NAME),
          listener,
          clock);
    } catch (EncoderException e) {
      throw new UserErrorException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  private RigLoop loop(ArrivalBox box, FusionBatcher batcher, OfflineEncoding encoding) {
    FusionStage stage =
        new FusionStage(
            FusionSettings.asTaken(),
            plan.alignment(),
            new WindowToneMapper(),
            batcher,
            clock,
            metrics("register"),
            metrics("fuse"),
            new Around());
    FrameSynchronizer synchronizer =
        new FrameSynchronizer(SyncSettings.asTaken(), new SyncStatistics());
    return new RigLoop(
        NAME, box, synchronizer, new PairLine(Pacing.AS_TAKEN), stage, clock, encoding);
  }

  /** Nothing waits for the engine's word here; labels are for the view that shows them. */
  private final class Around implements FusionStage.Surroundings {

    @Override
    public void engineDone() {}

    @Override
    public boolean wantsLabels() {
      return plan.view().showsLabels();
    }
  }

  private static StageMetrics metrics(String stage) {
    return new StageMetrics(NAME, stage);
  }

  private Thread source(Modality modality, CameraUri uri, RigLoop loop, ArrivalBox box) {
    CameraSettings settings =
        new CameraSettings(
            NAME + "/" + modality.label(), modality, uri, Pacing.AS_TAKEN, SOURCE_FRAMES, clock);
    FrameSink sink = loop.sink(modality);
    Thread thread =
        new Thread(
            () -> {
              try {
                adapters.open(settings).run(sink, () -> stopping);
                box.tell(modality, ArrivalBox.Note.ENDED);
              } catch (CameraException | RuntimeException e) {
                failure.compareAndSet(null, e);
                box.close();
              } catch (Error e) {
                // Not ours to handle, but the loop must not wait for frames that never come.
                failure.compareAndSet(null, new IllegalStateException("capture failed: " + e, e));
                box.close();
                throw e;
              }
            },
            "capture-" + settings.name());
    thread.start();
    return thread;
  }

  private void rethrow() throws UserErrorException {
    Exception cause = failure.get();
    if (cause != null) {
      int exitCode = cause instanceof CameraException ? ExitCode.NO_INPUT : ExitCode.FAILED;
      throw new UserErrorException(exitCode, String.valueOf(cause.getMessage()));
    }
  }
}

package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapter;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.replay.ReplayAdapter;
import dev.nightfuse.config.RigConfig;
import dev.nightfuse.encode.EncoderChooser;
import dev.nightfuse.encode.EncoderException;
import dev.nightfuse.encode.EncoderSettings;
import dev.nightfuse.encode.GstEncoderFactory;
import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.fusion.BatchSettings;
import dev.nightfuse.fusion.EngineOpener;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.fusion.FusionBatcher;
import dev.nightfuse.fusion.FusionSettings;
import dev.nightfuse.fusion.FusionStage;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.overlay.ClassPalette;
import dev.nightfuse.overlay.OverlayControl;
import dev.nightfuse.overlay.OverlaySettings;
import dev.nightfuse.overlay.ViewRenderer;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.stream.View;
import dev.nightfuse.sync.FrameSynchronizer;
import dev.nightfuse.sync.SyncSettings;
import dev.nightfuse.sync.SyncStatistics;
import dev.nightfuse.telemetry.StageMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Fuses two videos into one, as fast as it goes and without losing a frame: the live pipeline with
 * {@link Pacing#AS_TAKEN}, and an encoder that is waited for.
 */
final class VideoJob {

  private static final String RIG = "fuse";
  private static final int SOURCE_FRAMES = 8;
  private static final int DRAWN_FRAMES = 4;

  private final RigConfig rig;
  private final Alignment alignment;
  private final EngineOpener engines;
  private final View view;
  private final EncoderSettings encoderSettings;
  private final Progress progress;
  private final FrameClock clock = FrameClock.system();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean stopping;

  VideoJob(
      RigConfig rig,
      Alignment alignment,
      EngineOpener engines,
      View view,
      int bitrateKbit,
      Progress progress) {
    this.rig = rig;
    this.alignment = alignment;
    this.engines = engines;
    this.view = view;
    EncoderSettings usual = EncoderSettings.DEFAULT;
    this.encoderSettings =
        new EncoderSettings(
            usual.framesPerSecond(), bitrateKbit, "veryfast", usual.keyIntervalMs(), 60_000);
    this.progress = progress;
  }

  void run(Path output) throws UserErrorException, InterruptedException {
    Path partial = output.resolveSibling(output.getFileName() + ".partial");
    try {
      fuse(partial);
      Files.move(partial, output, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE,
          "video %s cannot be written: %s".formatted(output, e.getMessage()));
    } finally {
      deleteQuietly(partial);
    }
  }

  private void fuse(Path file) throws UserErrorException, IOException, InterruptedException {
    GstRuntime gst = Nightfuse.gstreamer();
    CameraAdapter adapter = new ReplayAdapter();
    ArrivalBox box = new ArrivalBox(Pacing.AS_TAKEN, clock);
    try (FusionBatcher batcher = new FusionBatcher(engines, BatchSettings.defaults(), clock);
        VideoFile video = new VideoFile(file);
        Encoding encoding = new Encoding(gst, video);
        RigLoop loop = loop(box, batcher, encoding)) {
      loop.start();
      Thread visible = source(adapter, Modality.VISIBLE, loop, box);
      Thread infrared = source(adapter, Modality.INFRARED, loop, box);
      try {
        loop.end().get();
        encoding.drain();
      } catch (ExecutionException e) {
        failure.compareAndSet(null, e.getCause() instanceof Exception cause ? cause : e);
      } finally {
        stopping = true;
        box.close();
        visible.join();
        infrared.join();
      }
      rethrow();
      video.finish();
    }
  }

  private RigLoop loop(ArrivalBox box, FusionBatcher batcher, Encoding encoding) {
    FusionStage stage =
        new FusionStage(
            FusionSettings.asTaken(),
            alignment,
            null,
            batcher,
            clock,
            metrics("register"),
            metrics("fuse"));
    FrameSynchronizer synchronizer =
        new FrameSynchronizer(SyncSettings.asTaken(), new SyncStatistics());
    return new RigLoop(RIG, box, synchronizer, stage, clock, encoding);
  }

  private static StageMetrics metrics(String stage) {
    return new StageMetrics(RIG, stage);
  }

  private Thread source(CameraAdapter adapter, Modality modality, RigLoop loop, ArrivalBox box) {
    RigConfig.Camera camera = modality == Modality.VISIBLE ? rig.visible() : rig.infrared();
    CameraSettings settings =
        new CameraSettings(
            RIG + "/" + modality.label(),
            modality,
            camera.uri(),
            Pacing.AS_TAKEN,
            SOURCE_FRAMES,
            clock);
    FrameSink sink = loop.sink(modality);
    Thread thread =
        new Thread(
            () -> {
              try {
                CameraSource source = adapter.open(settings);
                source.run(sink, () -> stopping);
                box.tell(modality, ArrivalBox.Note.ENDED);
              } catch (CameraException | RuntimeException e) {
                failure.compareAndSet(null, e);
                box.close();
              }
            },
            "source-" + modality.label());
    thread.start();
    return thread;
  }

  private void rethrow() throws UserErrorException, IOException {
    Exception cause = failure.get();
    if (cause == null) {
      return;
    }
    if (cause instanceof CameraException) {
      throw new UserErrorException(ExitCode.NO_INPUT, String.valueOf(cause.getMessage()));
    }
    if (cause instanceof IOException e) {
      throw e;
    }
    throw new UserErrorException(ExitCode.FAILED, String.valueOf(cause.getMessage()));
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Left behind; what went wrong before is the message that matters.
    }
  }

  /**
   * Draws the view, encodes it, waits where a live pipeline would drop. Runs on the loop's thread.
   */
  private final class Encoding implements RigLoop.Consumer, AutoCloseable {

    private static final long BUSY_WAIT_MS = 1;
    private static final long DRAIN_LIMIT_MS = 30_000;

    private final VideoFile video;
    private final ViewRenderer renderer;
    private final VideoEncoder.Factory factory;
    private @Nullable VideoEncoder encoder;
    private long pushed;

    Encoding(GstRuntime gst, VideoFile video) throws UserErrorException {
      this.video = video;
      StageMetrics drawing = metrics("overlay");
      OverlaySettings overlay = OverlaySettings.defaults();
      this.renderer =
          new ViewRenderer(
              view,
              new OverlayControl(overlay),
              ClassPalette.mfnet(),
              DRAWN_FRAMES,
              clock,
              drawing);
      try {
        // Software: quality and reproducibility count here, not the load of the machine.
        this.factory =
            new GstEncoderFactory(
                gst,
                new EncoderChooser(gst).choose("x264enc").kind(),
                encoderSettings,
                clock,
                metrics("encode"),
                RIG);
      } catch (EncoderException e) {
        throw new UserErrorException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void fused(FusedFrame fused) throws InterruptedException {
      Frame picture = renderer.render(fused);
      while (picture == null) {
        Thread.sleep(BUSY_WAIT_MS);
        picture = renderer.render(fused);
      }
      try {
        VideoEncoder current = encoder;
        if (current == null) {
          current = factory.open(picture.format(), video);
          encoder = current;
        }
        while (!current.push(picture, fused.captureNs(), fused.captureWallNs())) {
          checkAlive(current);
          Thread.sleep(BUSY_WAIT_MS);
        }
        pushed++;
        progress.step();
      } catch (EncoderException e) {
        throw new IllegalStateException(e.getMessage(), e);
      } finally {
        picture.release();
      }
    }

    /** Waits until everything that was pushed has come out. */
    void drain() throws InterruptedException {
      VideoEncoder current = encoder;
      long deadlineNs = clock.nowNs() + DRAIN_LIMIT_MS * 1_000_000;
      while (current != null && video.units() < pushed) {
        checkAlive(current);
        if (clock.nowNs() > deadlineNs) {
          throw new IllegalStateException(
              "the encoder kept %d of %d frames".formatted(pushed - video.units(), pushed));
        }
        Thread.sleep(BUSY_WAIT_MS);
      }
    }

    private void checkAlive(VideoEncoder current) {
      String reason = current.failure();
      if (reason != null) {
        throw new IllegalStateException("encoder failed: " + reason);
      }
    }

    @Override
    public void close() {
      if (encoder != null) {
        encoder.close();
      }
    }
  }
}

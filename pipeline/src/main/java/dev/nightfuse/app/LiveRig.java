package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.config.RigConfig;
import dev.nightfuse.encode.EncoderKind;
import dev.nightfuse.encode.EncoderSettings;
import dev.nightfuse.encode.GstEncoderFactory;
import dev.nightfuse.encode.ViewPublisher;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.fusion.FusionBatcher;
import dev.nightfuse.fusion.FusionSettings;
import dev.nightfuse.fusion.FusionStage;
import dev.nightfuse.fusion.WindowToneMapper;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.overlay.ClassPalette;
import dev.nightfuse.overlay.OverlayControl;
import dev.nightfuse.overlay.OverlaySettings;
import dev.nightfuse.overlay.ViewRenderer;
import dev.nightfuse.recording.Recorder;
import dev.nightfuse.recording.RecorderSettings;
import dev.nightfuse.recording.Retention;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.MovableAlignment;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.stream.View;
import dev.nightfuse.supervise.CameraState;
import dev.nightfuse.supervise.CameraSupervisor;
import dev.nightfuse.supervise.SupervisorTimes;
import dev.nightfuse.sync.FrameSynchronizer;
import dev.nightfuse.sync.PairLine;
import dev.nightfuse.sync.SyncOutcome;
import dev.nightfuse.sync.SyncSettings;
import dev.nightfuse.sync.SyncStatistics;
import dev.nightfuse.telemetry.CameraReading;
import dev.nightfuse.telemetry.RigTelemetry;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rig from its cameras to its streams, read from top to bottom. Everything is built by the
 * constructor, runs from {@link #start()} and ends, sources first, with {@link #close()}.
 */
final class LiveRig implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveRig.class);

  /**
   * Arriving, held, in work, and with the views, beside those that wait for a partner: measured
   * peak with the usual four of these 7 at 30 fps.
   */
  private static final int CAMERA_FRAMES = 12;

  private static final int DRAWN_FRAMES = 4;

  private static final Set<CameraState> MISSING =
      EnumSet.of(CameraState.CONNECTING, CameraState.FROZEN, CameraState.LOST, CameraState.ENDED);

  private static final Set<Degradation> NO_VISIBLE =
      EnumSet.of(Degradation.VISIBLE_LOST, Degradation.VISIBLE_FROZEN);

  /** What all rigs share; {@code retention} those that record to one directory. */
  record Shared(
      GstRuntime gst,
      CameraAdapters adapters,
      FusionBatcher batcher,
      List<EncoderKind> encoders,
      Retention retention,
      FrameClock clock,
      RandomGenerator random) {}

  private final RigConfig config;
  private final Shared shared;
  private final RigTelemetry telemetry;
  private final OverlayControl overlay;
  private final MovableAlignment alignment;
  private final ClassPalette classes;
  private final SyncSettings sync;
  private final SyncStatistics syncStatistics = new SyncStatistics();
  private final FusionStage stage;
  private final ArrivalBox box;
  private final PairLine line = new PairLine(Pacing.LIVE);
  private final RigLoop loop;
  private final Pace pace;
  private final CameraSupervisor visible;
  private final CameraSupervisor infrared;
  private final List<StreamHub> hubs = new ArrayList<>();
  private final List<ViewPublisher> publishers = new ArrayList<>();
  private final Recorder recorder;
  private final PairCollector pairs;
  private @Nullable EngineSpec told;

  /**
   * @param classes what the overlay can show, by label value
   */
  LiveRig(RigConfig config, ClassPalette classes, Shared shared, RigTelemetry telemetry) {
    this.config = config;
    this.shared = shared;
    this.telemetry = telemetry;
    this.classes = classes;
    this.overlay = new OverlayControl(initialOverlay(config, classes));

    FrameClock clock = shared.clock();
    this.box = new ArrivalBox(Pacing.LIVE, clock);
    StageMetrics fusing = telemetry.stage("fuse");
    this.pace = new Pace(config.name(), clock, fusing);
    this.alignment = alignment(config.registration());
    this.stage =
        new FusionStage(
            FusionSettings.live().withNoiseReduction(config.noiseReduction()),
            alignment,
            new WindowToneMapper(),
            shared.batcher(),
            clock,
            telemetry.stage("register"),
            fusing,
            new Around());
    this.sync =
        syncSettings(
            config.sync(),
            config.sync().waitNs(),
            config.visible().offsetNs(),
            config.infrared().offsetNs());
    sync.limits().forEach(limit -> LOG.warn("rig {}: {}", config.name(), limit));
    FrameSynchronizer synchronizer = new FrameSynchronizer(sync, syncStatistics);
    this.loop = new RigLoop(config.name(), box, synchronizer, line, stage, clock, new Publishing());
    for (View view : View.values()) {
      addView(view);
    }
    this.recorder =
        new Recorder(
            hub(config.recording().view()), recorderSettings(config), clock, shared.retention());
    this.pairs =
        new PairCollector(
            config.name(),
            config.recording().directory().resolve(config.name()).resolve("pairs"),
            config.recording().pairsEveryNs(),
            recorder::active);
    this.visible = supervise(Modality.VISIBLE, config.visible());
    this.infrared = supervise(Modality.INFRARED, config.infrared());

    telemetry.cameras(
        () -> reading(Modality.VISIBLE, visible), () -> reading(Modality.INFRARED, infrared));
    telemetry.skew(syncStatistics.skew());
    telemetry.recorder(() -> recorder.status().withPairs(pairs.kept(), pairs.error()));
  }

  void start() {
    loop.start();
    visible.start();
    infrared.start();
    if (config.recording().onStart()) {
      recorder.keepRecording();
    }
  }

  String name() {
    return config.name();
  }

  List<? extends VideoStream> streams() {
    return hubs;
  }

  OverlayControl overlay() {
    return overlay;
  }

  MovableAlignment alignment() {
    return alignment;
  }

  ClassPalette classes() {
    return classes;
  }

  Recorder recorder() {
    return recorder;
  }

  /** Pictures that the engine, or what stands in for it, made. */
  long fusedFrames() {
    return telemetry.fusedCount();
  }

  /** Why it shows no more pictures, or null while it does; {@link RigLoop#failure()}. */
  @Nullable Throwable failure() {
    return loop.failure();
  }

  /** Its cameras that do not deliver, each with the reason where that is known. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Modality modality : Modality.values()) {
      CameraSupervisor.Status status = (modality == Modality.VISIBLE ? visible : infrared).status();
      if (MISSING.contains(status.state())) {
        String reason = status.message().isEmpty() ? "" : ": " + status.message();
        missing.add(config.name() + "/" + modality.label() + reason);
      }
    }
    return missing;
  }

  /** Grows while all is well; {@link RigLoop#movements()}. */
  long movements() {
    return loop.movements();
  }

  private CameraSupervisor supervise(Modality modality, RigConfig.Camera camera) {
    CameraSettings settings =
        new CameraSettings(
            config.name() + "/" + modality.label(),
            modality,
            camera.uri(),
            Pacing.LIVE,
            CAMERA_FRAMES + sync.queueFrames(),
            shared.clock());
    return new CameraSupervisor(
        settings,
        shared.adapters(),
        loop.sink(modality),
        () -> loop.lost(modality),
        SupervisorTimes.DEFAULT,
        shared.random());
  }

  private void addView(View view) {
    String label = view.label();
    FrameClock clock = shared.clock();
    StreamHub hub = new StreamHub(config.name(), view, clock, telemetry.sendStage(label));
    ViewRenderer renderer =
        new ViewRenderer(
            view, overlay, classes, DRAWN_FRAMES, clock, telemetry.stage("draw-" + label));
    GstEncoderFactory encoders =
        new GstEncoderFactory(
            shared.gst(),
            shared.encoders(),
            encoderSettings(config),
            clock,
            telemetry.stage("encode-" + label),
            config.name() + "-" + label);
    hubs.add(hub);
    publishers.add(
        new ViewPublisher(
            hub, renderer::render, encoders, clock, telemetry.stage("queue-" + label)));
    telemetry.stream(hub::reading);
  }

  private StreamHub hub(View view) {
    return hubs.stream()
        .filter(hub -> hub.view() == view)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no stream for view " + view));
  }

  /** What the stage tells, and asks. */
  private final class Around implements FusionStage.Surroundings {

    @Override
    public void engineDone() {
      box.wake();
    }

    @Override
    public boolean wantsLabels() {
      return hubs.stream().anyMatch(hub -> hub.view().showsLabels() && hub.wanted());
    }
  }

  /** Hands the loop's pictures to the views; on the loop's thread. */
  private final class Publishing implements RigLoop.Consumer {

    private boolean ended;

    @Override
    public void fused(FusedFrame frame) {
      if (frame.repeated()) {
        telemetry.shown(frame.degradations());
      } else {
        pace.fused(leftOut());
        telemetry.fused(frame.degradations());
      }
      EngineSpec spec = stage.spec();
      if (spec != null && !spec.equals(told)) {
        told = spec;
        telemetry.fusion(
            spec.widthPx(), spec.heightPx(), spec.backend(), spec.model(), spec.classes());
      }
      offer(frame);
    }

    @Override
    public void still(FusedFrame frame) {
      if (frame.degradations().contains(Degradation.ENDED) && !ended) {
        ended = true;
        stopRecording();
      }
      boolean noVisible = !Collections.disjoint(frame.degradations(), NO_VISIBLE);
      if (noVisible && frame.degradations().contains(Degradation.INFRARED_LOST)) {
        telemetry.degraded(frame.degradations());
      } else {
        telemetry.shown(frame.degradations());
      }
      offer(frame);
    }

    /**
     * Or the last picture would be recorded for ever, and in the end real recordings deleted for
     * it. May wait for the disk: there is nothing else to do any more. Who starts it again wants
     * it.
     */
    private void stopRecording() {
      if (recorder.active()) {
        LOG.info("rig {}: both recordings it plays have ended, so it records no more", name());
        recorder.stop();
      }
    }

    private void offer(FusedFrame frame) {
      pairs.offer(frame);
      for (ViewPublisher publisher : publishers) {
        publisher.offer(frame);
      }
    }
  }

  /** Visible frames that newer ones overtook while the engine or the loop was busy. */
  private long leftOut() {
    return line.overtaken(Modality.VISIBLE)
        + syncStatistics.count(Modality.VISIBLE, SyncOutcome.OVERLOAD)
        + box.dropped(Modality.VISIBLE);
  }

  private CameraReading reading(Modality modality, CameraSupervisor supervisor) {
    CameraSupervisor.Status status = supervisor.status();
    Map<String, Long> unmatched = new LinkedHashMap<>();
    for (SyncOutcome outcome : SyncOutcome.values()) {
      if (!outcome.shown()) {
        unmatched.put(outcome.label(), syncStatistics.count(modality, outcome));
      }
    }
    long overload = line.overtaken(modality);
    long loopLate = box.dropped(modality);
    unmatched.merge(SyncOutcome.OVERLOAD.label(), overload, Long::sum);
    unmatched.put("loop_late", loopLate);
    // From the same moment as the rest, which it is a part of.
    long leftOut = unmatched.getOrDefault(SyncOutcome.OVERLOAD.label(), 0L) + loopLate;
    RigConfig.Camera camera = modality == Modality.VISIBLE ? config.visible() : config.infrared();
    return new CameraReading(
        camera.uri().toString(),
        status.state().name(),
        status.message(),
        status.frames(),
        status.lost(),
        unmatched,
        leftOut,
        status.reconnects());
  }

  /** Sources first, so that nothing flows any more when the rest is closed. */
  @Override
  public void close() {
    visible.close();
    infrared.close();
    loop.close();
    recorder.close();
    pairs.close();
    publishers.forEach(ViewPublisher::close);
    hubs.forEach(StreamHub::close);
  }

  static MovableAlignment alignment(RigConfig.Registration registration) {
    Calibration calibration = registration.calibration();
    Alignment made;
    if (calibration != null) {
      made = Alignment.calibrated(calibration);
    } else if (registration.homography().isEmpty()) {
      made = Alignment.sameFieldOfView();
    } else {
      made = Alignment.homography(registration.homography());
    }
    return new MovableAlignment(made, registration.shift());
  }

  /** As a rig is configured, but for the wait and what is taken off its cameras' stamps. */
  static SyncSettings syncSettings(
      RigConfig.Sync sync, long waitNs, long visibleOffsetNs, long infraredOffsetNs) {
    return SyncSettings.live(
        sync.toleranceNs(),
        waitNs,
        sync.maxHoldNs(),
        sync.ffcHoldNs(),
        visibleOffsetNs,
        infraredOffsetNs);
  }

  private static EncoderSettings encoderSettings(RigConfig config) {
    EncoderSettings usual = EncoderSettings.DEFAULT;
    RigConfig.Encoder encoder = config.encoder();
    return new EncoderSettings(
        usual.framesPerSecond(),
        encoder.bitrateKbit(),
        encoder.preset(),
        Math.round(encoder.keyIntervalS() * 1000),
        usual.stallMs());
  }

  private static RecorderSettings recorderSettings(RigConfig config) {
    RigConfig.Recording recording = config.recording();
    return RecorderSettings.of(recording.directory(), recording.segmentS() * 1000L)
        .keeping(recording.keepBytes(), recording.deleteWhenFull());
  }

  private static OverlaySettings initialOverlay(RigConfig config, ClassPalette classes) {
    OverlaySettings settings = OverlaySettings.defaults().withOpacity(config.overlay().opacity());
    settings = settings.withPalette(config.palette());
    List<String> shown = config.overlay().classes();
    if (!shown.isEmpty()) {
      for (ClassPalette.Entry entry : classes.entries()) {
        settings = settings.withClass(entry.id(), shown.contains(entry.name()));
      }
    }
    return settings;
  }

  static Enum<?>[] degradationKinds() {
    return Degradation.values();
  }
}

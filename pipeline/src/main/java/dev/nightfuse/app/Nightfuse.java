package dev.nightfuse.app;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.access.TlsException;
import dev.nightfuse.camera.CameraAdapter;
import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.replay.ReplayAdapter;
import dev.nightfuse.camera.rtsp.RtspAdapter;
import dev.nightfuse.camera.simulated.SimulatedAdapter;
import dev.nightfuse.camera.v4l2.V4l2Adapter;
import dev.nightfuse.config.NightfuseConfig;
import dev.nightfuse.config.RigConfig;
import dev.nightfuse.config.ServerConfig;
import dev.nightfuse.dashboard.DashboardException;
import dev.nightfuse.dashboard.DashboardServer;
import dev.nightfuse.dashboard.DashboardSettings;
import dev.nightfuse.encode.EncoderChooser;
import dev.nightfuse.encode.EncoderException;
import dev.nightfuse.encode.EncoderKind;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.engine.ort.OrtProvider;
import dev.nightfuse.engine.tensorrt.TensorRtProvider;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.fusion.BatchSettings;
import dev.nightfuse.fusion.FusionBatcher;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.overlay.ClassPalette;
import dev.nightfuse.recording.Retention;
import dev.nightfuse.rtsp.RtspServer;
import dev.nightfuse.rtsp.RtspSettings;
import dev.nightfuse.stream.StreamDirectory;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The running program: all rigs, what they share, and the servers. This class is the wiring; it is
 * read from top to bottom.
 *
 * <p>Built and closed by one thread; closing takes two seconds at most where nothing hangs.
 */
final class Nightfuse implements AutoCloseable {

  private static final int DEFAULT_WIDTH_PX = 640;
  private static final int DEFAULT_HEIGHT_PX = 480;

  private final FrameClock clock = FrameClock.system();
  private final Telemetry telemetry;
  private final FusionBatcher batcher;
  private final List<LiveRig> rigs = new ArrayList<>();
  private final Map<String, StageMetrics> rtspSend = new LinkedHashMap<>();
  private final @Nullable ServerCertificate certificate;
  private final RtspServer rtsp;
  private final DashboardServer dashboard;

  /** The cameras this program knows. */
  static List<CameraAdapter> cameraAdapters() {
    return List.of(
        new SimulatedAdapter(), new ReplayAdapter(), new RtspAdapter(), new V4l2Adapter());
  }

  /** The engines this program knows; the first runs everywhere. */
  static List<EngineProvider> engineProviders() {
    return List.of(new OrtProvider(), tensorRt());
  }

  /** Built-in models; the processor measures those in INT8. */
  static ModelStore models(Places places) {
    return new ModelStore(places.models(), new OrtProvider());
  }

  /** The GPU backend; the processor gives the FP32 outputs of models that bring none. */
  static TensorRtProvider tensorRt() {
    return new TensorRtProvider(
        Places.of(System.getenv()).plans(),
        System.getenv(),
        new OrtProvider(),
        FrameClock.system()::nowNs);
  }

  Nightfuse(NightfuseConfig config, Places places) throws UserErrorException, EngineException {
    telemetry = new Telemetry(Version.text(), clock);
    ModelStore models = models(places);
    Engines engines = new Engines(config.engine(), models, engineProviders());
    engines.check();
    String model = config.engine().model();
    List<String> segmented = classesOf(models, model);
    for (RigConfig rig : config.rigs()) {
      requireKnownClasses(rig, model, classes(segmented, rig));
    }
    GstRuntime gst = gstreamer();
    batcher =
        new FusionBatcher(
            engines::openLive,
            BatchSettings.defaults()
                .sharedBy(config.rigs().size(), (int) (config.engine().batchWaitNs() / 1000)),
            clock,
            (spec, check) ->
                telemetry.engineChecked(
                    spec.widthPx() + "x" + spec.heightPx(),
                    check.fusedPsnrDb(),
                    check.labelsEqual(),
                    check.passed()));
    CameraAdapters adapters = new CameraAdapters(cameraAdapters());
    requireUsableAddresses(config, adapters, clock);
    EncoderChooser chooser = new EncoderChooser(gst);
    Map<Path, Retention> retentions = new HashMap<>();
    for (RigConfig rig : config.rigs()) {
      List<EncoderKind> encoders = encoders(chooser, rig);
      Retention retention = retention(rig, retentions);
      LiveRig.Shared shared =
          new LiveRig.Shared(
              gst, adapters, batcher, encoders, retention, clock, new Random(clock.wallNowNs()));
      rigs.add(
          new LiveRig(
              rig,
              classes(segmented, rig),
              shared,
              telemetry.rig(rig.name(), LiveRig.degradationKinds())));
    }
    List<VideoStream> streams =
        rigs.stream().<VideoStream>flatMap(r -> r.streams().stream()).toList();
    StreamDirectory directory = () -> streams;
    rigs.forEach(rig -> rtspSend.put(rig.name(), telemetry.stage(rig.name(), "rtsp-send")));
    StageMetrics unknown = telemetry.stage("", "rtsp-send");
    Passwords passwords = config.server().passwords();
    ServerConfig.Tls tls = config.server().tls();
    certificate = certificate(tls, clock);
    renewCertificate();
    ServerConfig.Endpoint r = config.server().rtsp();
    rtsp =
        new RtspServer(
            RtspSettings.defaults().listeningOn(r.bind(), r.port()),
            directory,
            clock,
            name -> rtspSend.getOrDefault(name, unknown),
            new Gate(passwords, clock),
            tls != null && tls.rtsp() ? certificate : null);
    ServerConfig.Endpoint d = config.server().dashboard();
    dashboard =
        new DashboardServer(
            DashboardSettings.of(d.bind(), d.port()).named(config.server().names()),
            directory,
            telemetry::snapshot,
            telemetry::metrics,
            new Controls(rigs),
            clock,
            new Gate(passwords, clock),
            certificate);
  }

  void start() throws UserErrorException, InterruptedException {
    try {
      rtsp.start();
      dashboard.start();
    } catch (IOException | DashboardException e) {
      throw new UserErrorException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
    rigs.forEach(LiveRig::start);
  }

  /**
   * A rig whose loop has failed shows nothing for ever, whatever its cameras do.
   *
   * @throws UserErrorException when there is such a rig
   */
  void requireWorking() throws UserErrorException {
    for (LiveRig rig : rigs) {
      Throwable failure = rig.failure();
      if (failure != null) {
        throw new UserErrorException(
            ExitCode.FAILED, "rig %s has stopped: %s".formatted(rig.name(), failure));
      }
    }
  }

  /** Takes up a certificate that was replaced on disk; called often, by one thread. */
  void renewCertificate() {
    ServerCertificate shown = certificate;
    if (shown != null) {
      shown.tick();
      telemetry.certificateEnds(shown.endsWallS());
    }
  }

  /** The cameras that do not deliver, with their reasons where known; "" when all do. */
  String missing() {
    return rigs.stream().flatMap(rig -> rig.missing().stream()).collect(Collectors.joining("; "));
  }

  Telemetry telemetry() {
    return telemetry;
  }

  List<LiveRig> rigs() {
    return List.copyOf(rigs);
  }

  int rtspPort() {
    return rtsp.port();
  }

  int dashboardPort() {
    return dashboard.port();
  }

  long fusedFrames() {
    return rigs.stream().mapToLong(LiveRig::fusedFrames).sum();
  }

  /** Time from capture to the write to RTSP viewers of a rig, since start. */
  Histogram captureToSendNs(String rig) {
    StageMetrics metrics = rtspSend.get(rig);
    if (metrics == null) {
      throw new IllegalArgumentException("no rig " + rig);
    }
    return metrics.durationsNs();
  }

  @Override
  public void close() {
    rigs.forEach(LiveRig::close);
    rtsp.close();
    dashboard.close();
    batcher.close();
  }

  /** One for all rigs that record to one directory, however that is written. */
  static Retention retention(RigConfig rig, Map<Path, Retention> known) {
    Path directory = rig.recording().directory().toAbsolutePath().normalize();
    return known.computeIfAbsent(directory, first -> new Retention());
  }

  private static @Nullable ServerCertificate certificate(
      ServerConfig.@Nullable Tls tls, FrameClock clock) throws UserErrorException {
    try {
      return tls == null ? null : new ServerCertificate(tls.certificate(), tls.key(), clock);
    } catch (TlsException e) {
      throw new UserErrorException(ExitCode.CONFIG, "server.tls: " + e.getMessage());
    }
  }

  /** A model that is misspelt is a mistake; one that cannot be had now may come. */
  private static List<String> classesOf(ModelStore models, String model) throws UserErrorException {
    try {
      return models.resolve(model, DEFAULT_WIDTH_PX, DEFAULT_HEIGHT_PX).manifest().classes();
    } catch (EngineException e) {
      int exitCode = models.has(model) ? ExitCode.UNAVAILABLE : ExitCode.CONFIG;
      throw new UserErrorException(exitCode, "engine.model: " + e.getMessage());
    }
  }

  /** Where the model does not segment, a simulated camera's true classes can be shown. */
  private static ClassPalette classes(List<String> segmented, RigConfig rig) {
    boolean simulated = rig.visible().uri().scheme().equals("simulated");
    return segmented.isEmpty() && simulated ? ClassPalette.mfnet() : ClassPalette.of(segmented);
  }

  /** Of a class that is misspelt nothing would ever be seen, nor of the others. */
  private static void requireKnownClasses(RigConfig rig, String model, ClassPalette classes)
      throws UserErrorException {
    List<String> known = classes.entries().stream().map(ClassPalette.Entry::name).toList();
    for (String name : rig.overlay().classes()) {
      if (!known.contains(name)) {
        throw new UserErrorException(
            ExitCode.CONFIG,
            "rig %s: overlay.classes: found \"%s\", allowed with model %s: %s"
                .formatted(
                    rig.name(), name, model, known.isEmpty() ? "none" : String.join(", ", known)));
      }
    }
  }

  /**
   * A camera that is not there is waited for; an address that no adapter will ever open is a
   * mistake.
   */
  private static void requireUsableAddresses(
      NightfuseConfig config, CameraAdapters adapters, FrameClock clock) throws UserErrorException {
    for (RigConfig rig : config.rigs()) {
      for (Modality modality : Modality.values()) {
        CameraUri uri = (modality == Modality.VISIBLE ? rig.visible() : rig.infrared()).uri();
        String name = rig.name() + "/" + modality.label();
        try {
          // Preparing a source reads its address and touches no device.
          adapters.open(new CameraSettings(name, modality, uri, Pacing.LIVE, 1, clock));
        } catch (CameraException e) {
          throw new UserErrorException(
              ExitCode.CONFIG, "camera %s: %s".formatted(name, e.getMessage()));
        }
      }
    }
  }

  static GstRuntime gstreamer() throws UserErrorException {
    try {
      return GstRuntime.start();
    } catch (GstException e) {
      throw new UserErrorException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  private static List<EncoderKind> encoders(EncoderChooser chooser, RigConfig rig)
      throws UserErrorException {
    try {
      return chooser.choose(rig.encoder().name()).kinds();
    } catch (EncoderException e) {
      throw new UserErrorException(
          ExitCode.UNAVAILABLE, "rig %s: %s".formatted(rig.name(), e.getMessage()));
    }
  }
}

package dev.nightfuse.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.simulated.SimulatedAdapter;
import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.EngineConfig;
import dev.nightfuse.config.NightfuseConfig;
import dev.nightfuse.config.RigConfig;
import dev.nightfuse.config.ServerConfig;
import dev.nightfuse.encode.EncoderSettings;
import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.registration.MovableAlignment;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.View;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nightfuse bench}: the whole way of a frame, measured. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the whole way of a frame on this machine: one rig, the fused view, one encoder.",
      "",
      "Unpaced (the default) frames go through as fast as they are taken. With --paced the rig is live and one viewer"
          + " watches over RTSP, so that latencies mean something."
    })
final class BenchCommand implements Callable<Integer> {

  private static final String RIG = "bench";
  private static final int WARM_UP_S = 5;
  private static final int POLL_MS = 20;
  private static final String DEFAULT_CAMERA = "simulated:night?seed=7";

  @Spec private CommandSpec spec;

  @Option(
      names = "--rig",
      split = ",",
      paramLabel = "URI",
      description =
          "Visible and infrared camera, separated by a comma. Default: the simulated rig at 640x480.")
  private List<String> cameras = List.of(DEFAULT_CAMERA, DEFAULT_CAMERA);

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "20",
      description = "Length after 5 s of warm-up. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--paced", description = "Live, at the cameras' rate, with one viewer.")
  private boolean paced;

  @Option(names = "--model", paramLabel = "MODEL", description = "Built-in model, or model folder.")
  private @Nullable String model;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What executes the network: onnxruntime or tensorrt. Default: onnxruntime.")
  private @Nullable String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "CPU threads of one inference. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result as JSON.")
  private @Nullable Path json;

  private final FrameClock clock = FrameClock.system();

  @Override
  public Integer call() throws Exception {
    if (cameras.size() != 2 || seconds < 1) {
      throw new UserErrorException(
          ExitCode.USAGE, "bench: --rig takes two addresses, --seconds 1 or more");
    }
    if (json != null) {
      OutputFile.requireWritable(json);
    }
    CameraUri visible = CameraUri.parse(cameras.get(0));
    CameraUri infrared = CameraUri.parse(cameras.get(1));
    NightfuseConfig config = ConfigLoader.defaults(RIG, visible, infrared);
    EngineConfig engine = config.engine();
    config =
        config.withEngine(
            new EngineConfig(
                backend == null ? engine.backend() : backend,
                model == null ? engine.model() : model,
                engine.fallback(),
                threads,
                engine.batchWaitMs()));
    if (visible.scheme().equals("simulated")) {
      // The simulated rig's true geometry, so that registration does its work.
      RigConfig.Registration geometry =
          new RigConfig.Registration(
              null, SimulatedAdapter.infraredToVisible(visible), MovableAlignment.Shift.NONE);
      config = config.withRigs(List.of(config.rigs().get(0).withRegistration(geometry)));
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("version", Version.text());
    report.put("machine", machine());
    report.put("cameras", List.of(visible.toString(), infrared.toString()));
    report.put("backend", config.engine().backend());
    report.put("model", config.engine().model());
    report.put("threads", threads);
    report.put("paced", paced);
    if (paced) {
      live(config, report);
    } else {
      offline(config, visible, infrared, report);
    }
    print(report);
    if (json != null) {
      write(json, report);
    }
    return ExitCode.OK;
  }

  private void offline(
      NightfuseConfig config, CameraUri visible, CameraUri infrared, Map<String, Object> report)
      throws Exception {
    Engines engines =
        new Engines(
            config.engine(),
            Nightfuse.models(Places.of(System.getenv())),
            Nightfuse.engineProviders());
    engines.check();
    OfflineRig rig =
        new OfflineRig(
            new OfflineRig.Plan(
                visible,
                infrared,
                LiveRig.alignment(config.rigs().get(0).registration()),
                View.FUSED,
                EncoderSettings.DEFAULT),
            engines,
            new CameraAdapters(Nightfuse.cameraAdapters()));
    AtomicLong frames = new AtomicLong();
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    Thread runner =
        new Thread(
            () -> {
              try {
                rig.run(counting(frames));
              } catch (UserErrorException | InterruptedException | RuntimeException e) {
                failure.set(e);
              }
            },
            "bench-run");
    runner.start();
    boolean ended;
    try {
      // An engine may be prepared for minutes before its first picture.
      while (frames.get() == 0 && runner.isAlive()) {
        TimeUnit.MILLISECONDS.timedJoin(runner, POLL_MS);
      }
      TimeUnit.SECONDS.timedJoin(runner, WARM_UP_S);
      ended = !runner.isAlive();
      Measurement.Start start = Measurement.Start.now(clock.nowNs(), frames.get());
      TimeUnit.SECONDS.timedJoin(runner, seconds);
      add(report, start.until(clock.nowNs(), frames.get()));
    } finally {
      rig.stop();
      runner.join();
    }
    Exception cause = failure.get();
    if (cause != null) {
      throw cause;
    }
    if (ended) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "the cameras ended within the %d s of warm-up; with ?loop=true replay: goes on"
              .formatted(WARM_UP_S));
    }
  }

  private static VideoEncoder.Listener counting(AtomicLong frames) {
    return new VideoEncoder.Listener() {
      @Override
      public void described(StreamInfo info) {}

      @Override
      public void encoded(AccessUnit unit) {
        frames.incrementAndGet();
      }
    };
  }

  private void live(NightfuseConfig config, Map<String, Object> report) throws Exception {
    ServerConfig.Endpoint anyPort = new ServerConfig.Endpoint("127.0.0.1", 0);
    try (Nightfuse nightfuse =
        new Nightfuse(
            config.withServer(config.server().at(anyPort, anyPort)), Places.of(System.getenv()))) {
      nightfuse.start();
      try (BenchViewer watching =
          new BenchViewer(nightfuse.rtspPort(), RIG + "/" + View.FUSED.label())) {
        watching.checkPlaying(WARM_UP_S);
        Measurement.Start start = Measurement.Start.now(clock.nowNs(), nightfuse.fusedFrames());
        Histogram before = nightfuse.captureToSendNs(RIG);
        TimeUnit.SECONDS.sleep(seconds);
        nightfuse.requireWorking();
        Histogram latency = nightfuse.captureToSendNs(RIG);
        latency.subtract(before);
        add(report, start.until(clock.nowNs(), nightfuse.fusedFrames()));
        report.put("sent", latency.getTotalCount());
        Map<String, Double> percentiles = new LinkedHashMap<>();
        percentiles.put("p50", latency.getValueAtPercentile(50) / 1e6);
        percentiles.put("p95", latency.getValueAtPercentile(95) / 1e6);
        percentiles.put("p99", latency.getValueAtPercentile(99) / 1e6);
        report.put("capture_to_send_ms", percentiles);
      }
    }
  }

  private static void add(Map<String, Object> report, Measurement m) {
    report.put("seconds", m.seconds());
    report.put("frames", m.frames());
    report.put("frames_per_second", m.framesPerSecond());
    report.put("cpu_ms_per_frame", m.cpuMsPerFrame());
    report.put("cpu_ms_per_frame_total", m.cpuMsPerFrameTotal());
    report.put("cores_busy", m.cores());
    report.put("allocated_bytes_per_frame", m.allocatedBytesPerFrame());
    report.put("rss_mib", m.rssMiB());
  }

  private void print(Map<String, Object> report) {
    PrintWriter out = spec.commandLine().getOut();
    report.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> parts) {
            out.printf("%s%n", key);
            parts.forEach((part, number) -> out.printf("  %-48s %s%n", part, text(number)));
          } else {
            out.printf("%-50s %s%n", key, text(value));
          }
        });
    out.flush();
  }

  private static String text(@Nullable Object value) {
    return value instanceof Double number ? "%.2f".formatted(number) : String.valueOf(value);
  }

  static void write(Path file, Map<String, Object> report) throws UserErrorException {
    try {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(file.toFile(), report);
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, "%s cannot be written: %s".formatted(file, e.getMessage()));
    }
  }

  static String machine() throws IOException {
    String cpu = "unknown CPU";
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("model name")) {
        cpu = line.substring(line.indexOf(':') + 1).strip();
        break;
      }
    }
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    return "%s, %d processors, Java %s, load %s at the start"
        .formatted(cpu, Runtime.getRuntime().availableProcessors(), Runtime.version(), load);
  }
}

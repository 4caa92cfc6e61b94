package dev.nightfuse.config;

import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.access.TlsException;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.gst.Credentials;
import dev.nightfuse.overlay.ThermalPalette;
import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.MovableAlignment;
import dev.nightfuse.stream.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the configuration, once: name, default, allowed values, meaning. The defaults of the
 * program, the checks, the messages, the JSON Schema and the reference page all come from here.
 */
final class NightfuseKeys {

  static final int MAX_RIGS = 16;

  private static final TextRule NAME =
      TextRule.of(
          "1 to 32 of a-z, 0-9, - and _, beginning with a letter or digit",
          "[a-z0-9][a-z0-9_-]{0,31}");
  private static final TextRule ADDRESS =
      TextRule.of("an IP address or a host name", "[A-Za-z0-9:][A-Za-z0-9.:%_-]{0,254}");
  private static final TextRule PASSWORD =
      TextRule.secret(
          "8 to 128 letters, digits and signs of ASCII, no spaces", "[\\x21-\\x7e]{8,128}");
  private static final TextRule CAMERA =
      TextRule.of(
          "SCHEME:..., such as v4l2:/dev/video0 or rtsp://host/path, or a path",
          "([a-zA-Z][a-zA-Z0-9+.-]*:|/|\\./|\\.\\./)\\S.*");
  private static final TextRule TEXT = TextRule.of("a text of 1 to 4096 characters", ".{1,4096}");
  private static final TextRule CLASS = TextRule.of("a class name", "\\S.{0,63}");
  private static final List<String> BACKENDS = List.of("onnxruntime", "tensorrt");
  private static final TextRule BACKEND =
      TextRule.of("one of " + String.join(", ", BACKENDS), String.join("|", BACKENDS));

  private static final List<String> ENCODERS =
      List.of("auto", "nvv4l2h264enc", "nvh264enc", "vah264enc", "x264enc", "openh264enc");
  private static final List<String> PRESETS =
      List.of("ultrafast", "superfast", "veryfast", "faster", "fast", "medium");
  private static final List<String> LOG_LEVELS = List.of("error", "warn", "info", "debug");

  private final Path readFrom;
  private final Path writeTo;

  /**
   * @param readFrom folder that relative paths of things to read are resolved against: the
   *     configuration file's
   * @param writeTo folder that relative paths of things to write are resolved against: the working
   *     directory
   */
  NightfuseKeys(Path readFrom, Path writeTo) {
    this.readFrom = readFrom;
    this.writeTo = writeTo;
  }

  NightfuseConfig read(Section root) {
    ServerConfig server = root.section("server", this::server, "where viewers connect");
    EngineConfig engine = root.section("engine", this::engine, "how pairs are fused");
    Set<String> names = new HashSet<>();
    List<RigConfig> rigs =
        root.sections(
            "rigs", MAX_RIGS, section -> rig(section, names), "pairs of cameras, at least one");
    TelemetryConfig telemetry =
        root.section("telemetry", this::telemetry, "what the program says about itself");
    return new NightfuseConfig(server, engine, rigs, telemetry);
  }

  private ServerConfig server(Section s) {
    List<String> names = new ArrayList<>();
    ServerConfig.Endpoint rtsp =
        s.section("rtsp", e -> endpoint(e, 8554), "RTSP server: rtsp://HOST:PORT/RIG/VIEW");
    return new ServerConfig(
        rtsp,
        s.section(
            "dashboard", e -> dashboard(e, rtsp, names), "dashboard, status and metrics over HTTP"),
        names,
        s.section("passwords", this::passwords, "who may look and who may steer"),
        s.section("tls", this::tls, "encrypts what both servers send: https:// and rtsps://").tls);
  }

  private ServerConfig.Endpoint dashboard(
      Section s, ServerConfig.Endpoint rtsp, List<String> names) {
    ServerConfig.Endpoint endpoint = endpoint(s, 8080);
    if (endpoint.port() != 0
        && endpoint.port() == rtsp.port()
        && endpoint.bind().equals(rtsp.bind())) {
      s.problem("port", "%d is that of rtsp; allowed is another".formatted(endpoint.port()));
    }
    names.addAll(
        s.texts(
            "names",
            ADDRESS,
            16,
            "host names with a dot under which it is reached, as through a proxy; others are refused"));
    return endpoint;
  }

  private Passwords passwords(Section s) {
    String operator =
        s.text(
            "operator",
            "",
            PASSWORD,
            "of the user operator, who may do everything; without it nobody is asked");
    String viewer =
        s.text("viewer", "", PASSWORD, "of the user viewer, who may look and change nothing");
    if (operator.isEmpty() && !viewer.isEmpty()) {
      s.problem("viewer", "given without operator, whose password is needed too");
      return Passwords.NONE;
    }
    return new Passwords(operator, viewer);
  }

  private record MaybeTls(ServerConfig.@Nullable Tls tls) {}

  private MaybeTls tls(Section s) {
    String certificate =
        s.text(
            "certificate",
            "",
            TEXT,
            "PEM file of the server's certificate and, behind it, those that vouch for it");
    String key = s.text("key", "", TEXT, "PEM file of its private key (PKCS #8, no password)");
    boolean rtsp =
        s.flag(
            "rtsp", true, "whether the RTSP server speaks TLS as well; players such as VLC cannot");
    if (certificate.isEmpty() && key.isEmpty()) {
      return new MaybeTls(null);
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      s.problem(
          certificate.isEmpty() ? "certificate" : "key",
          "missing; certificate and key are needed together");
      return new MaybeTls(null);
    }
    ServerConfig.Tls tls =
        new ServerConfig.Tls(
            readFrom.resolve(certificate).normalize(), readFrom.resolve(key).normalize(), rtsp);
    try {
      ServerCertificate.check(tls.certificate(), tls.key());
    } catch (TlsException e) {
      s.problem(
          e.file().equals(tls.certificate()) ? "certificate" : "key",
          String.valueOf(e.getMessage()));
    }
    return new MaybeTls(tls);
  }

  private ServerConfig.Endpoint endpoint(Section s, int port) {
    return new ServerConfig.Endpoint(
        s.text("bind", "0.0.0.0", ADDRESS, "interface to listen on; 0.0.0.0 for all"),
        s.integer("port", port, 0, 65535, "TCP port; 0 for any free one"));
  }

  private EngineConfig engine(Section s) {
    return new EngineConfig(
        s.choice("backend", "onnxruntime", names(BACKENDS), "what executes the network"),
        model(
            model(
                s.text("model", "nightnet-m", TEXT, "built-in model, or path of a model folder"))),
        s.texts("fallback", BACKEND, 4, "backends to try next when one cannot work here"),
        s.integer("threads", 1, 1, 64, "CPU threads for one inference"),
        s.number(
            "batch_wait_ms", 3, 0, 100, "longest wait for pairs of other rigs to share a batch"));
  }

  /** A path has a separator; a name has none. */
  private String model(String nameOrPath) {
    return nameOrPath.contains("/")
        ? readFrom.resolve(nameOrPath).normalize().toString()
        : nameOrPath;
  }

  private TelemetryConfig telemetry(Section s) {
    return new TelemetryConfig(
        s.choice("log_level", "info", names(LOG_LEVELS), "least important kind of log line shown"));
  }

  private RigConfig rig(Section s, Set<String> names) {
    String name =
        s.requiredText("name", "front", NAME, "part of every address, metric and file of the rig");
    if (!names.add(name)) {
      s.problem("name", "found \"%s\" again; every rig needs a name of its own".formatted(name));
    }
    return new RigConfig(
        name,
        s.requiredSection(
            "visible", c -> camera(c, "v4l2:/dev/video0"), "the visible-light camera"),
        s.requiredSection("infrared", c -> camera(c, "v4l2:/dev/video2"), "the thermal camera"),
        s.section("sync", this::sync, "how frames of the two cameras are matched"),
        s.section("registration", this::registration, "how infrared is laid onto visible"),
        s.flag(
            "noise_reduction",
            true,
            "whether the fused picture's noise is held still from frame to frame, by two levels at most"),
        s.choice("palette", ThermalPalette.IRON, palettes(), "colours of the infrared view"),
        s.section("encoder", this::encoder, "how views are encoded"),
        s.section("overlay", this::overlay, "what the overlay view shows at start"),
        s.section("recording", this::recording, "what is recorded, and where"));
  }

  private RigConfig.Camera camera(Section s, String example) {
    String text = s.requiredText("uri", example, CAMERA, "where the camera is");
    return new RigConfig.Camera(
        uri(s, text),
        s.number("offset_ms", 0, -10_000, 10_000, "measured delay of this camera's capture times"));
  }

  private CameraUri uri(Section s, String text) {
    try {
      return CameraUri.parse(text).readFrom(readFrom);
    } catch (CameraException e) {
      s.problem("uri", String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      String shown = Credentials.hide(text);
      s.problem(
          "uri",
          "found \"%s\", allowed is two hexadecimal digits behind every %%".formatted(shown));
    }
    return new CameraUri("none", "", Map.of());
  }

  private RigConfig.Sync sync(Section s) {
    return new RigConfig.Sync(
        s.number("tolerance_ms", 20, 0.1, 1000, "largest time difference within a pair"),
        s.number("wait_ms", 40, 0, 1000, "how long a frame waits for its partner"),
        s.number("max_hold_ms", 300, 0, 60_000, "longest reuse of the last infrared frame"),
        s.number("ffc_hold_ms", 3000, 0, 60_000, "the same while the thermal shutter is closed"));
  }

  private RigConfig.Registration registration(Section s) {
    String file = s.text("calibration", "", TEXT, "calibration file");
    List<Double> homography =
        s.numbers("homography", 9, "infrared to visible pixels, 3x3 row by row");
    if (!file.isEmpty() && !homography.isEmpty()) {
      s.problem("homography", "given together with calibration; allowed is one of the two");
    }
    if (!homography.isEmpty()) {
      try {
        // Of pictures whose size only the cameras know.
        new Calibration(2, 2, 2, 2, homography, null, null);
      } catch (IllegalArgumentException e) {
        s.problem("homography", String.valueOf(e.getMessage()));
      }
    }
    Calibration calibration = null;
    if (!file.isEmpty()) {
      try {
        calibration = CalibrationFile.read(readFrom.resolve(file).normalize());
      } catch (ConfigException e) {
        s.problems("calibration", e);
      }
    }
    List<Double> shiftPx =
        s.numbers(
            "shift_px", 2, "farther right and down by so many visible pixels, for a distance");
    MovableAlignment.Shift shift = MovableAlignment.Shift.NONE;
    if (!shiftPx.isEmpty()) {
      try {
        shift = new MovableAlignment.Shift(shiftPx.get(0), shiftPx.get(1));
      } catch (IllegalArgumentException e) {
        s.problem("shift_px", String.valueOf(e.getMessage()));
      }
    }
    return new RigConfig.Registration(calibration, homography, shift);
  }

  private RigConfig.Encoder encoder(Section s) {
    return new RigConfig.Encoder(
        s.choice("name", "auto", names(ENCODERS), "H.264 encoder; auto takes the first that works"),
        s.integer("bitrate_kbit", 4000, 100, 100_000, "mean bit rate of one view in kbit/s"),
        s.choice("preset", "ultrafast", names(PRESETS), "speed preset of x264enc"),
        s.number("key_interval_s", 2, 0.2, 60, "time between key frames"));
  }

  private RigConfig.Overlay overlay(Section s) {
    return new RigConfig.Overlay(
        s.texts("classes", CLASS, 256, "classes to tint; empty for all that the model knows"),
        s.number("opacity", 0.5, 0, 1, "strength of the tint"));
  }

  private RigConfig.Recording recording(Section s) {
    return new RigConfig.Recording(
        writeTo
            .resolve(s.text("directory", "recordings", TEXT, "folder of the recordings"))
            .normalize(),
        s.choice("view", View.FUSED, views(), "which view is recorded"),
        s.integer("segment_s", 60, 1, 3600, "length of one file in seconds"),
        s.flag(
            "on_start",
            false,
            "whether recording begins with the program, and again after trouble, until it is stopped"),
        s.number(
            "keep_gb",
            0,
            0,
            100_000,
            "size of this rig's recordings; beyond it, or when the disk gets full before, the oldest are deleted; 0 for no limit"),
        s.choice(
            "when_full",
            false,
            whenFull(),
            "what happens without keep_gb when the disk gets full: recording stops, or the oldest recordings are deleted"),
        s.number(
            "pairs_every_s",
            0,
            0,
            3600,
            "seconds between aligned pairs of pictures that are kept while recording, to train and evaluate with; 0 for none"));
  }

  private static Map<String, String> names(List<String> names) {
    return byName(names, Function.identity());
  }

  private static Map<String, ThermalPalette> palettes() {
    return byName(Arrays.asList(ThermalPalette.values()), ThermalPalette::label);
  }

  /** Whether the oldest recordings are deleted. */
  private static Map<String, Boolean> whenFull() {
    return byName(List.of(false, true), delete -> delete ? "delete-oldest" : "stop");
  }

  private static Map<String, View> views() {
    return byName(Arrays.asList(View.values()), View::label);
  }

  private static <T> Map<String, T> byName(List<T> values, Function<T, String> name) {
    Map<String, T> map = new LinkedHashMap<>();
    values.forEach(value -> map.put(name.apply(value), value));
    return map;
  }
}

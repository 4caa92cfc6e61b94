package dev.nightfuse.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Nightfuse in a JVM of its own, with a home, a cache and a working directory of its own. Ports are
 * any free ones and are read from what the program says.
 */
final class Program implements AutoCloseable {

  /** For a start or an answer on a machine that does much else. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern DASHBOARD = Pattern.compile("https?://localhost:(\\d+)/");
  private static final Pattern RTSP = Pattern.compile("rtsps?://localhost:(\\d+)/");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final ExternalProcess process;
  private final HttpClient client = HttpClient.newHttpClient();

  private Program(Path home, Map<String, String> environment, List<String> arguments)
      throws IOException {
    this.home = home;
    process = ExternalProcess.start(builder(home, environment, arguments));
  }

  /** Runs a command to its end. */
  static ExternalProcess.Result run(Path home, String... arguments)
      throws IOException, InterruptedException {
    return run(home, Map.of(), arguments);
  }

  static ExternalProcess.Result run(Path home, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    try (Program program = new Program(home, environment, List.of(arguments))) {
      return program.process.await(110);
    }
  }

  /** Starts without waiting for anything. */
  static Program launch(Path home, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--rtsp-port", "0", "--http-port", "0"));
    return new Program(home, environment, all);
  }

  /** Starts {@code demo} or {@code run -c ...} and waits until it says where it can be seen. */
  static Program start(Path home, String... arguments) throws Exception {
    Program program = launch(home, Map.of(), arguments);
    try {
      program.awaitAnnouncement();
      return program;
    } catch (Exception | AssertionError e) {
      program.close();
      throw e;
    }
  }

  /** Starts {@code run} on a configuration of this text. */
  static Program startWith(Path home, String yaml) throws Exception {
    return start(home, "run", "-c", config(home, yaml).toString());
  }

  /** With the quickest network, unless the text names another: what is tested here is around it. */
  static Path config(Path home, String yaml) throws IOException {
    String engine = yaml.contains("engine:") ? "" : "engine: {model: nightnet-s-int8}\n";
    return Files.writeString(home.resolve("test.yaml"), engine + yaml);
  }

  void awaitAnnouncement() throws InterruptedException {
    Await.until(
        "the addresses",
        PATIENCE,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the program ended: " + process.await(5));
          }
          return RTSP.matcher(process.stdoutNow()).find();
        });
  }

  private static ProcessBuilder builder(
      Path home, Map<String, String> environment, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // Most of what a program of seconds computes is compilation; the plain compiler
                // needs half of it.
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                // Libraries unpacked by a program that is killed go with the test.
                "-Djava.io.tmpdir=" + Files.createDirectories(home.resolve("tmp")),
                "-Dnightfuse.root=" + System.getProperty("nightfuse.root", ".."),
                "-cp",
                System.getProperty("java.class.path"),
                NightfuseMain.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().keySet().removeAll(List.of("NOTIFY_SOCKET", "CACHE_DIRECTORY"));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
    builder.environment().putAll(environment);
    return builder;
  }

  int httpPort() {
    return port(DASHBOARD);
  }

  int rtspPort() {
    return port(RTSP);
  }

  private int port(Pattern pattern) {
    Matcher matcher = pattern.matcher(process.stdoutNow());
    if (!matcher.find()) {
      throw new AssertionError("no address in: " + process.stdoutNow());
    }
    return Integer.parseInt(matcher.group(1));
  }

  String rtspUrl(String view) {
    return "rtsp://127.0.0.1:%d/demo/%s".formatted(rtspPort(), view);
  }

  String dashboardUrl() {
    return "http://127.0.0.1:%d/".formatted(httpPort());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(dashboardUrl() + path)).timeout(PATIENCE).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String json)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(dashboardUrl() + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  JsonNode status() throws IOException, InterruptedException {
    return JSON.readTree(get("api/v1/status").body());
  }

  /** The status of the only rig. */
  JsonNode rig() throws IOException, InterruptedException {
    return status().path("rigs").path(0);
  }

  /** Waits until the only rig is so. */
  JsonNode awaitRig(String what, Predicate<JsonNode> condition) throws Exception {
    JsonNode[] last = {JSON.nullNode()};
    try {
      Await.until(
          what,
          PATIENCE,
          () -> {
            last[0] = rig();
            return condition.test(last[0]);
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; last status " + last[0], e);
    }
    return last[0];
  }

  ExternalProcess process() {
    return process;
  }

  /**
   * Living processes that have this program's home in their environment: itself, its children, and
   * those whose parent is gone.
   */
  List<String> family() throws IOException {
    List<String> family = new ArrayList<>();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      for (ProcessHandle candidate : all.toList()) {
        if (isRelative(candidate.pid())) {
          family.add(candidate.pid() + " " + candidate.info().command().orElse("?"));
        }
      }
    }
    return family;
  }

  private boolean isRelative(long pid) {
    try {
      byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
      return new String(environment, StandardCharsets.UTF_8).contains("HOME=" + home + "\0");
    } catch (IOException e) {
      return false; // Ended meanwhile, or of another user.
    }
  }

  @Override
  public void close() {
    process.close();
  }
}

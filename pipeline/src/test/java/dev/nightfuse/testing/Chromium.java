package dev.nightfuse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One headless Chromium with one page, driven over the DevTools protocol. Collects everything the
 * page complains about.
 */
public final class Chromium implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path profile;
  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final List<String> complaints = new ArrayList<>();

  /** Skips the test where Chromium is not installed. */
  public static void require() {
    ExternalProcess.require("chromium");
  }

  public Chromium(int widthPx, int heightPx) throws Exception {
    profile = Files.createTempDirectory("nightfuse-chromium");
    List<String> command = new ArrayList<>(List.of("chromium", "--headless=new"));
    command.addAll(
        List.of(
            ("--no-sandbox --disable-gpu --disable-quic --no-first-run --mute-audio"
                    + " --disable-background-networking --disable-component-update --disable-sync"
                    + " --remote-debugging-port=0 --hide-scrollbars")
                .split(" ", -1)));
    command.add("--user-data-dir=" + profile);
    command.add("--window-size=" + widthPx + "," + heightPx);
    command.add("about:blank");
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("chromium.log").toFile())
            .start();
    try {
      HttpClient client = HttpClient.newHttpClient();
      socket =
          client
              .newWebSocketBuilder()
              .buildAsync(pageAddress(client), new Receiver())
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
        call(domain + ".enable", Map.of());
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private URI pageAddress(HttpClient client) throws Exception {
    Path portFile = profile.resolve("DevToolsActivePort");
    String port =
        Await.value(
            "the port of Chromium",
            PATIENCE,
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError(
                    "Chromium ended: " + Files.readString(profile.resolve("chromium.log")));
              }
              List<String> lines =
                  Files.exists(portFile) ? Files.readAllLines(portFile) : List.of();
              return lines.size() < 2 ? null : lines.get(0);
            });
    return Await.value(
        "a page of Chromium",
        PATIENCE,
        () -> {
          HttpRequest list =
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
          String body = client.send(list, HttpResponse.BodyHandlers.ofString()).body();
          for (JsonNode target : JSON.readTree(body)) {
            if (target.path("type").asText().equals("page")) {
              return URI.create(target.path("webSocketDebuggerUrl").asText());
            }
          }
          return null;
        });
  }

  public JsonNode call(String method, Map<String, ?> params) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    calls.put(id, answer);
    ObjectNode request = JSON.createObjectNode().put("id", id).put("method", method);
    request.set("params", JSON.valueToTree(params));
    socket.sendText(request.toString(), true).get(10, TimeUnit.SECONDS);
    JsonNode reply = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (reply.has("error")) {
      throw new AssertionError(method + ": " + reply.path("error"));
    }
    return reply.path("result");
  }

  public void open(String url) throws Exception {
    leave("Page.navigate", Map.of("url", url));
  }

  public void reload() throws Exception {
    leave("Page.reload", Map.of());
  }

  private void leave(String method, Map<String, ?> params) throws Exception {
    evaluate("window.isPageBefore = true");
    call(method, params);
    await("the page", "!window.isPageBefore && document.readyState === 'complete'");
  }

  /** Value of an expression in the page; promises are awaited. */
  public JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of(
                "expression", expression,
                "awaitPromise", true,
                "returnByValue", true,
                "userGesture", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits until an expression in the page is true. */
  public void await(String what, String expression) throws Exception {
    Await.until(what, PATIENCE, () -> evaluate(expression).asBoolean());
  }

  public void click(String selector) throws Exception {
    evaluate("document.querySelector(" + JSON.writeValueAsString(selector) + ").click()");
  }

  /** Presses a key that writes a character. */
  public void key(String character) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              type,
              "key",
              character,
              "text",
              type.equals("keyDown") ? character : "",
              "windowsVirtualKeyCode",
              (int) Character.toUpperCase(character.charAt(0))));
    }
  }

  /** Presses Escape as a person does: only that closes dialogs. */
  public void escape() throws Exception {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", "Escape", "code", "Escape", "windowsVirtualKeyCode", 27));
    }
  }

  public void size(int widthPx, int heightPx, boolean phone) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", widthPx,
            "height", heightPx,
            "deviceScaleFactor", phone ? 2 : 1,
            "mobile", phone));
  }

  public void screenshot(Path file) throws Exception {
    JsonNode shot = call("Page.captureScreenshot", Map.of("format", "png"));
    Files.write(file, Base64.getDecoder().decode(shot.path("data").asText()));
  }

  /** Errors and warnings of the console, uncaught exceptions, requests that failed. */
  public List<String> complaints() {
    synchronized (complaints) {
      return List.copyOf(complaints);
    }
  }

  private void event(String method, JsonNode params) {
    String complaint =
        switch (method) {
          case "Runtime.exceptionThrown" -> params.path("exceptionDetails").toString();
          case "Runtime.consoleAPICalled" ->
              params.path("type").asText().matches("error|warning|assert")
                  ? params.path("args").toString()
                  : "";
          case "Log.entryAdded" ->
              params.path("entry").path("level").asText().matches("error|warning")
                  ? params.path("entry").toString()
                  : "";
          case "Network.responseReceived" ->
              params.path("response").path("status").asInt() >= 400
                  ? params.path("response").path("url").asText()
                  : "";
          default -> "";
        };
    if (!complaint.isEmpty()) {
      synchronized (complaints) {
        complaints.add(method + " " + complaint);
      }
    }
  }

  private final class Receiver implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          received(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new AssertionError("DevTools sent no JSON", e);
        } finally {
          text.setLength(0);
        }
      }
      webSocket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void received(JsonNode message) {
      CompletableFuture<JsonNode> call = calls.remove(message.path("id").asInt(-1));
      if (call != null) {
        call.complete(message);
      } else {
        event(message.path("method").asText(), message.path("params"));
      }
    }
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    Object unused = process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle child : children) {
      unused = child.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}

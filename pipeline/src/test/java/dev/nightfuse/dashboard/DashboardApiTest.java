package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.testing.Await;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every address by request and answer. */
final class DashboardApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LiveFeed feed = LiveFeed.tiny();
  private final FakeControls controls = new FakeControls(List.of("demo"));
  private final TestStatus status = new TestStatus(feed, controls);
  private final HttpClient client = HttpClient.newHttpClient();
  private final DashboardServer server =
      new DashboardServer(
          DashboardSettings.of("127.0.0.1", 0),
          feed,
          status,
          () -> "nightfuse_frames_total 7\n",
          controls,
          FrameClock.system(),
          new Gate(Passwords.NONE, FrameClock.system()),
          null);

  @BeforeEach
  void start() throws Exception {
    server.start();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    feed.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return client.send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Sends bytes as they are: what a client library would clean up stays. Returns the status. */
  private int raw(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
              .readLine();
      return Integer.parseInt(line.substring(9, 12));
    }
  }

  private static JsonNode error(HttpResponse<String> response) throws Exception {
    return JSON.readTree(response.body()).path("error");
  }

  @Test
  void status_asked_isTheSnapshotAsJson() throws Exception {
    HttpResponse<String> response = get("/api/v1/status");
    assertEquals(200, response.statusCode());
    assertEquals("application/json", response.headers().firstValue("content-type").orElse(""));
    assertEquals("no-store", response.headers().firstValue("cache-control").orElse(""));
    JsonNode rig = JSON.readTree(response.body()).path("rigs").get(0);
    assertEquals("demo", rig.path("name").asText());
    assertEquals(11.8, rig.path("skewMs").path("p95").asDouble());
    assertEquals("fuse", rig.path("stages").get(2).path("name").asText());
  }

  @Test
  void me_withoutPasswords_mayChange() throws Exception {
    assertEquals("{\"mayLook\":true,\"mayChange\":true}", get("/api/v1/me").body());
  }

  @ParameterizedTest
  @CsvSource({"ok,200", "degraded,200", "starting,503", "failed,503"})
  void healthz_byHealth_answersStatus(String health, int expected) throws Exception {
    status.set(health, health.equals("degraded") ? new String[] {"FFC"} : new String[0]);
    HttpResponse<String> response = get("/healthz");
    assertEquals(expected, response.statusCode());
    assertEquals(health, JSON.readTree(response.body()).path("health").asText());
    // As some monitors ask, who want the status alone.
    assertEquals(expected, send("HEAD", "/healthz", "").statusCode());
  }

  @Test
  void metrics_scraped_areTheSuppliersText() throws Exception {
    HttpResponse<String> response = get("/metrics");
    assertEquals(200, response.statusCode());
    assertEquals("nightfuse_frames_total 7\n", response.body());
    assertTrue(
        response
            .headers()
            .firstValue("content-type")
            .orElse("")
            .startsWith("text/plain; version="));
  }

  @Test
  void overlay_changedInPart_leavesTheRest() throws Exception {
    HttpResponse<String> response =
        send("PUT", "/api/v1/rigs/demo/overlay", "{\"classes\":{\"car\":false}}");
    assertEquals(200, response.statusCode());
    JsonNode overlay = JSON.readTree(response.body());
    assertEquals(0.45, overlay.path("opacity").asDouble());
    assertFalse(overlay.path("classes").get(0).path("shown").asBoolean());
    assertTrue(overlay.path("classes").get(1).path("shown").asBoolean());
    send("PUT", "/api/v1/rigs/demo/overlay", "{\"opacity\":1}");
    assertEquals(List.of("demo car false", "demo opacity 1.0"), controls.calls);
  }

  @Test
  void palette_changed_isUsed() throws Exception {
    HttpResponse<String> response =
        send("PUT", "/api/v1/rigs/demo/palette", "{\"palette\":\"white-hot\"}");
    assertEquals(200, response.statusCode());
    assertEquals(
        "white-hot",
        JSON.readTree(get("/api/v1/rigs/demo/palette").body()).path("palette").asText());
  }

  @Test
  void registration_moved_answersWhereItIsAndWasAndMayBe() throws Exception {
    assertEquals(
        "{\"shiftPx\":[3.0,-1.5],\"configuredPx\":[0.0,0.0],\"farthestPx\":200.0}",
        send("PUT", "/api/v1/rigs/demo/registration", "{\"shiftPx\":[3,-1.5]}").body());
    assertEquals(List.of("demo shift 3.0 -1.5"), controls.calls);
    assertEquals(
        3.0,
        JSON.readTree(get("/api/v1/rigs/demo/registration").body())
            .path("shiftPx")
            .get(0)
            .asDouble());
  }

  @Test
  void recording_startedAndStopped_isSeenInItsState() throws Exception {
    assertEquals(
        200, send("POST", "/api/v1/rigs/demo/recording", "{\"action\":\"start\"}").statusCode());
    assertTrue(controls.recording());
    assertEquals(
        200, send("POST", "/api/v1/rigs/demo/recording", "{\"action\":\"stop\"}").statusCode());
    assertFalse(controls.recording());
  }

  @Test
  void recording_diskHangs_statusMetricsAndControlsDoNot() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    controls.disk = disk;
    CompletableFuture<HttpResponse<String>> start =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return send("POST", "/api/v1/rigs/demo/recording", "{\"action\":\"start\"}");
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            });
    Await.until("it waits", () -> controls.waits);
    assertEquals(200, get("/healthz").statusCode());
    assertEquals(200, get("/metrics").statusCode());
    assertEquals(200, send("PUT", "/api/v1/rigs/demo/overlay", "{\"opacity\":1}").statusCode());
    assertFalse(start.isDone());
    disk.countDown();
    assertEquals(200, start.get(20, TimeUnit.SECONDS).statusCode());
  }

  @Test
  void recording_refused_answersConflictWithTheReason() throws Exception {
    controls.refuse("the disk is full");
    HttpResponse<String> response =
        send("POST", "/api/v1/rigs/demo/recording", "{\"action\":\"start\"}");
    assertEquals(409, response.statusCode());
    assertEquals("the disk is full", error(response).path("message").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "PUT  | overlay   | {\"opacity\":7}            | 400 | opacity | opacity is 7; allowed is a number from 0 to 1",
        "PUT  | overlay   | {\"opacity\":\"1\"}        | 400 | opacity | opacity is \"1\"; allowed is a number from 0 to 1",
        "PUT  | overlay   | {\"opacity\":null}         | 400 | opacity | opacity is null; allowed is a number from 0 to 1",
        "PUT  | overlay   | {\"classes\":[]}           | 400 | classes | classes is []; allowed is an object such as {\"person\": true}",
        "PUT  | overlay   | {\"classes\":{\"car\":1}}  | 400 | classes.car | classes.car is 1; allowed is true or false",
        "PUT  | overlay   | {\"classes\":{\"cat\":true}} | 400 | classes | classes is \"cat\"; allowed is car, person, bike, curve, car_stop, guardrail, color_cone, bump",
        "PUT  | overlay   | {\"alpha\":1}              | 400 | alpha | unknown field 'alpha'; allowed is classes, opacity",
        "PUT  | overlay   | []                         | 400 | ~~ | the body must be a JSON object with classes, opacity",
        "PUT  | overlay   | ~~                         | 400 | ~~ | the body must be a JSON object with classes, opacity",
        "PUT  | palette   | {}                         | 400 | palette | field 'palette' is missing; allowed is white-hot, black-hot, ironbow, rainbow",
        "PUT  | palette   | {\"palette\":\"pink\"}     | 400 | palette | palette is \"pink\"; allowed is white-hot, black-hot, ironbow, rainbow",
        "PUT  | registration | {}                      | 400 | shiftPx | field 'shiftPx' is missing; allowed is a list of 2 numbers from -200 to 200",
        "PUT  | registration | {\"shiftPx\":[1]}        | 400 | shiftPx | shiftPx is [1]; allowed is a list of 2 numbers from -200 to 200",
        "PUT  | registration | {\"shiftPx\":[1,201]}    | 400 | shiftPx | shiftPx is [1,201]; allowed is a list of 2 numbers from -200 to 200",
        "PUT  | registration | {\"shiftPx\":[1,\"2\"]} | 400 | shiftPx | shiftPx is [1,\"2\"]; allowed is a list of 2 numbers from -200 to 200",
        "PUT  | registration | {\"shiftPx\":4}          | 400 | shiftPx | shiftPx is 4; allowed is a list of 2 numbers from -200 to 200",
        "POST | recording | {\"action\":\"pause\"}     | 400 | action | action is \"pause\"; allowed is start, stop",
      })
  void change_wrongBody_namesFieldAndWhatIsAllowed(
      String method, String what, String body, int expected, String field, String message)
      throws Exception {
    HttpResponse<String> response = send(method, "/api/v1/rigs/demo/" + what, body);
    assertEquals(expected, response.statusCode());
    assertEquals(field, error(response).path("field").asText());
    assertEquals(message, error(response).path("message").asText());
    assertEquals(List.of(), controls.calls);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"opacity\":1}x", "{\"opacity\":1,\"opacity\":0}", "\u0000"})
  void change_noJson_isRefused(String body) throws Exception {
    HttpResponse<String> response = send("PUT", "/api/v1/rigs/demo/overlay", body);
    assertEquals(400, response.statusCode());
    assertEquals(List.of(), controls.calls);
  }

  @Test
  void change_tooLongBody_isRefused() throws Exception {
    HttpResponse<String> response =
        send("PUT", "/api/v1/rigs/demo/overlay", " ".repeat(5000) + "{\"opacity\":1}");
    assertEquals(413, response.statusCode());
    assertEquals(List.of(), controls.calls);
  }

  @Test
  void change_asForm_isRefused() throws Exception {
    HttpResponse<String> response =
        client.send(
            request("/api/v1/rigs/demo/recording")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"start\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(415, response.statusCode());
    assertFalse(controls.recording());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/v1/rigs/none/overlay,404",
    "PUT,/api/v1/rigs/none/overlay,404",
    "GET,/api/v1/rigs/none/recording,404",
    "DELETE,/api/v1/rigs/demo/overlay,405",
    "POST,/api/v1/status,405",
    "GET,/nothing,404",
    "GET,/ws/demo/fused,426",
    "GET,/ws/demo/nothing,426",
  })
  void address_wrong_answersJsonError(String method, String path, int expected) throws Exception {
    HttpResponse<String> response = send(method, path, method.equals("GET") ? "" : "{}");
    assertEquals(expected, response.statusCode());
    assertEquals(expected, error(response).path("status").asInt());
    assertFalse(error(response).path("message").asText().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "demo/nothing,404",
    "none/fused,404",
  })
  void webSocket_unknownStream_isRefusedBeforeTheUpgrade(String stream, int expected)
      throws Exception {
    assertEquals(expected, raw(Handshake.request("/ws/" + stream, "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/./app.js/../../DashboardServer.class",
        "/DashboardServer.class",
        "/app.js%00.html",
        "//etc/passwd",
        "/dev/nightfuse/dashboard/app.js",
      })
  void path_outsideThePage_isNotFound(String path) throws Exception {
    int status = raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    assertTrue(status == 404 || status == 400, path + " answered " + status);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, 200",
    "localhost:8080, 200",
    "[::1]:8080, 200",
    "rig7, 200",
    "rig7.local:8080, 200",
    "evil.example, 421",
    "127.0.0.1.evil.example, 421",
  })
  void hostName_foreign_isRefused(String host, int expected) throws Exception {
    assertEquals(
        expected, raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
  }

  @Test
  void hostName_foreign_messageNamesTheKey() {
    ApiException e =
        assertThrows(
            ApiException.class, () -> new HostGuard(List.of()).checkHost("robot.example.com"));
    assertTrue(
        String.valueOf(e.getMessage()).endsWith("server.dashboard.names in the configuration"),
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 101",
    "http://127.0.0.1, 101",
    "http://evil.example, 403",
    "null, 403",
    "http://127.0.0.1:81, 403",
    "https://127.0.0.1.evil.example, 403",
  })
  void webSocket_fromAnotherSite_isRefused(String origin, int expected) throws Exception {
    String header = origin.isEmpty() ? "" : "Origin: " + origin;
    assertEquals(expected, raw(Handshake.request("/ws/status", header)));
    assertEquals(expected, raw(Handshake.request("/ws/demo/fused", header)));
  }

  @Test
  void change_fromAnotherSite_isRefused() throws Exception {
    String body = "{\"action\":\"start\"}";
    int status =
        raw(
            "POST /api/v1/rigs/demo/recording HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Origin: http://evil.example\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\nConnection: close\r\n\r\n"
                + body);
    assertEquals(403, status);
    assertFalse(controls.recording());
  }

  @Test
  void page_asked_carriesSecurityHeadersAndAValidator() throws Exception {
    HttpResponse<String> page = get("/");
    assertEquals(200, page.statusCode());
    String policy = page.headers().firstValue("content-security-policy").orElse("");
    assertTrue(policy.contains("default-src 'none'"), policy);
    assertTrue(policy.contains("frame-ancestors 'none'"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertEquals("nosniff", page.headers().firstValue("x-content-type-options").orElse(""));
    HttpResponse<String> again =
        client.send(
            request("/")
                .header("If-None-Match", page.headers().firstValue("etag").orElse(""))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(304, again.statusCode());
    assertEquals("", again.body());
  }

  @Test
  void page_everyModuleItImports_isServed() throws Exception {
    for (String path : new Assets().paths()) {
      HttpResponse<String> file = get(path);
      assertEquals(200, file.statusCode(), path);
      for (String line : file.body().lines().toList()) {
        if (line.startsWith("import ")) {
          String module = line.replaceAll(".*'\\./([^']+)'.*", "/$1");
          assertEquals(200, get(module).statusCode(), path + " imports " + module);
        }
      }
    }
  }

  @Test
  void start_portTaken_saysSo() {
    DashboardServer second =
        new DashboardServer(
            DashboardSettings.of("127.0.0.1", server.port()),
            feed,
            status,
            () -> "",
            controls,
            FrameClock.system(),
            new Gate(Passwords.NONE, FrameClock.system()),
            null);
    DashboardException e = assertThrows(DashboardException.class, second::start);
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("the dashboard cannot listen on 127.0.0.1:" + server.port()),
        e.getMessage());
    second.close();
  }

  @Test
  void close_twice_isHarmless() {
    server.close();
    server.close();
  }
}

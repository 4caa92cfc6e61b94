package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.testing.HandClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may look and who may steer. */
final class LoginTest {

  private static final String OPERATOR = basic("operator:steering-wheel");
  private static final String VIEWER = basic("viewer:window-seat");
  private static final String WRONG = basic("operator:window-seat");

  private final HandClock clock = new HandClock();
  private final LiveFeed feed = LiveFeed.tiny();
  private final FakeControls controls = new FakeControls(List.of("demo"));
  private final HttpClient client = HttpClient.newHttpClient();
  private DashboardServer server = server(0);

  private DashboardServer server(int port) {
    return new DashboardServer(
        DashboardSettings.of("127.0.0.1", port),
        feed,
        new TestStatus(feed, controls),
        () -> "nightfuse_frames_total 7\n",
        controls,
        FrameClock.system(),
        new Gate(new Passwords("steering-wheel", "window-seat"), clock),
        null);
  }

  @BeforeEach
  void start() throws Exception {
    server.start();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    feed.close();
  }

  private static String basic(String userAndPassword) {
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private HttpResponse<String> get(String path, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> setOpacity(String authorization) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/api/v1/rigs/demo/overlay"))
            .header("Content-Type", "application/json")
            .header("Authorization", authorization)
            .PUT(HttpRequest.BodyPublishers.ofString("{\"opacity\": 0.25}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** What the server gives to a user to keep, such as {@code nightfuse-8080=...}. */
  private String cookie(String path, String authorization) throws Exception {
    String given = get(path, authorization).headers().firstValue("Set-Cookie").orElse("none");
    assertTrue(given.endsWith("; Path=/; HttpOnly; SameSite=Strict"), given);
    return given.substring(0, given.indexOf(';'));
  }

  private HttpResponse<String> withCookie(String method, String path, String cookie)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Content-Type", "application/json")
            .header("Cookie", cookie)
            .method(method, HttpRequest.BodyPublishers.ofString("{\"opacity\": 0.25}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private WebSocket socket(String path, String authorization) {
    return authorization.isEmpty() ? open(path) : open(path, "Authorization", authorization);
  }

  private int refusal(String path, String... headers) {
    CompletionException refused =
        assertThrows(CompletionException.class, () -> open(path, headers));
    WebSocketHandshakeException answer =
        assertInstanceOf(WebSocketHandshakeException.class, refused.getCause());
    return answer.getResponse().statusCode();
  }

  private WebSocket open(String path, String... headers) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return builder
        .buildAsync(
            URI.create("ws://127.0.0.1:" + server.port() + path), new WebSocket.Listener() {})
        .join();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/app.js",
        "/metrics",
        "/api/v1/status",
        "/api/v1/rigs",
        "/api/v1/rigs/demo/fused.jpg",
        "/nothing/here"
      })
  void stranger_asksForAnything_isAskedWhoHeIs(String path) throws Exception {
    HttpResponse<String> response = get(path, "");
    assertEquals(401, response.statusCode());
    assertEquals(
        "Basic realm=\"Nightfuse\", charset=\"UTF-8\"",
        response.headers().firstValue("WWW-Authenticate").orElse(""));
    assertFalse(response.body().contains("demo"), response.body());
  }

  @Test
  void stranger_asksForHealth_isTold() throws Exception {
    assertEquals(200, get("/healthz", "").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ws/status", "/ws/demo/fused"})
  void stranger_opensASocket_isRefused_andAViewerIsNot(String path) {
    for (String login : List.of("", WRONG)) {
      CompletionException refused =
          assertThrows(CompletionException.class, () -> socket(path, login));
      WebSocketHandshakeException answer =
          assertInstanceOf(WebSocketHandshakeException.class, refused.getCause());
      assertEquals(401, answer.getResponse().statusCode());
    }
    socket(path, VIEWER).abort();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ws/status", "/ws/demo/fused"})
  void cookie_ofALogin_opensASocketWithoutPassword(String path) throws Exception {
    for (String login : List.of(OPERATOR, VIEWER)) {
      open(path, "Cookie", cookie("/", login)).abort();
      open(path, "Cookie", "other=1; " + cookie("/api/v1/me", login)).abort();
    }
  }

  @Test
  void cookie_wrongOrOfAnotherSiteOrWithAWrongPassword_opensNone() throws Exception {
    String good = cookie("/", VIEWER);
    String name = good.substring(0, good.indexOf('=') + 1);
    for (String wrong : List.of(name, name + "viewer", good + "x", "other=" + good)) {
      assertEquals(401, refusal("/ws/status", "Cookie", wrong), wrong);
    }
    assertEquals(
        403, refusal("/ws/status", "Cookie", good, "Origin", "http://evil.example"), "origin");
    assertEquals(401, refusal("/ws/status", "Cookie", good, "Authorization", WRONG), "password");
  }

  @Test
  void cookie_isForSocketsOnly() throws Exception {
    String operator = cookie("/", OPERATOR);
    for (String path : List.of("/", "/api/v1/status", "/ws/status", "/metrics")) {
      assertEquals(401, withCookie("GET", path, operator).statusCode(), path);
    }
    for (String path : List.of("/metrics", "/ws/../metrics", "/ws/%2e%2e/metrics")) {
      assertEquals(401, refusal(path, "Cookie", operator), path);
    }
    assertEquals(401, withCookie("PUT", "/api/v1/rigs/demo/overlay", operator).statusCode());
    assertEquals(
        "{\"mayLook\":false,\"mayChange\":false}",
        withCookie("GET", "/api/v1/me", operator).body());
  }

  @Test
  void cookie_notGivenToStrangers_andNothingAfterARestart() throws Exception {
    for (String stranger : List.of("", WRONG)) {
      for (String path : List.of("/", "/api/v1/me", "/healthz")) {
        assertTrue(get(path, stranger).headers().firstValue("Set-Cookie").isEmpty(), path);
      }
    }
    String before = cookie("/", OPERATOR);
    int port = server.port();
    server.close();
    server = server(port);
    server.start();
    assertEquals(401, refusal("/ws/status", "Cookie", before));
    open("/ws/status", "Cookie", cookie("/", OPERATOR)).abort();
  }

  @Test
  void viewer_looksAtAll_andChangesNothing() throws Exception {
    for (String path : List.of("/", "/metrics", "/api/v1/status", "/api/v1/rigs/demo/overlay")) {
      assertEquals(200, get(path, VIEWER).statusCode(), path);
    }
    double before = controls.overlay("demo").opacity();
    HttpResponse<String> refused = setOpacity(VIEWER);
    assertEquals(403, refused.statusCode());
    assertTrue(refused.body().contains("log in as operator"), refused.body());
    assertEquals(before, controls.overlay("demo").opacity());
  }

  @Test
  void me_isWhoAsks_andWhatTheyMay() throws Exception {
    assertEquals(
        "{\"user\":\"viewer\",\"mayLook\":true,\"mayChange\":false}",
        get("/api/v1/me", VIEWER).body());
    assertEquals(
        "{\"user\":\"operator\",\"mayLook\":true,\"mayChange\":true}",
        get("/api/v1/me", OPERATOR).body());
    for (String stranger : List.of("", WRONG)) {
      HttpResponse<String> nobody = get("/api/v1/me", stranger);
      assertEquals("{\"mayLook\":false,\"mayChange\":false}", nobody.body());
      assertTrue(nobody.headers().firstValue("WWW-Authenticate").isEmpty());
    }
  }

  @Test
  void operator_changes() throws Exception {
    assertEquals(200, setOpacity(OPERATOR).statusCode());
    assertEquals(0.25, controls.overlay("demo").opacity());
  }

  @Test
  void wrongPasswords_toldByMe_shutTheAddressOut_too() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertEquals(200, get("/api/v1/me", basic("operator:guess" + i)).statusCode());
    }
    assertEquals(429, get("/api/v1/me", OPERATOR).statusCode());
    assertEquals(429, get("/", OPERATOR).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic b3BlcmF0b3I=",
        "Bearer abc",
        "Digest username=\"operator\""
      })
  void headerThatIsNoLogin_isAskedAgain(String header) throws Exception {
    assertEquals(401, get("/", header).statusCode());
  }

  @Test
  void tenWrongPasswords_shutTheAddressOut_forAMinute() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertEquals(401, get("/", basic("operator:guess" + i)).statusCode());
    }
    HttpResponse<String> refused = get("/", OPERATOR);
    assertEquals(429, refused.statusCode());
    assertEquals("60", refused.headers().firstValue("Retry-After").orElse(""));
    assertEquals(200, get("/healthz", "").statusCode());
    clock.advance(Duration.ofSeconds(61));
    assertEquals(200, get("/", OPERATOR).statusCode());
  }
}

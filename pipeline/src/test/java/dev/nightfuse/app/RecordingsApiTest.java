package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.dashboard.DashboardControls;
import dev.nightfuse.dashboard.DashboardServer;
import dev.nightfuse.dashboard.DashboardSettings;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.recording.Recorder;
import dev.nightfuse.recording.RecorderSettings;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.telemetry.StatusSnapshot;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.TinyH264;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings over HTTP: the dashboard on a real folder and a real recorder. */
final class RecordingsApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALL = "/api/v1/rigs/demo/recordings";
  private static final String FIRST = "2001-11-18T11-00-00Z_fused.mp4";
  private static final String SECOND = "2001-11-18T11-01-00Z_fused.mp4";
  private static final String THIRD = "2001-11-18T11-02-00Z_fused.mp4";

  @TempDir Path directory;

  private final byte[] bytes = new byte[300_000];
  private final FrameClock clock = FrameClock.system();
  private final HttpClient client = HttpClient.newHttpClient();
  private final StreamHub hub =
      new StreamHub("demo", View.FUSED, clock, new StageMetrics("demo", "send"));
  private Path folder;
  private Recorder recorder;
  private DashboardServer server;

  @BeforeEach
  void start() throws Exception {
    new Random(3).nextBytes(bytes);
    folder = Files.createDirectory(directory.resolve("demo"));
    for (String name : List.of(SECOND, THIRD, FIRST)) {
      Files.write(folder.resolve(name), bytes);
    }
    recorder = new Recorder(hub, RecorderSettings.of(directory, 60_000), clock);
    server = server(Passwords.NONE);
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
    recorder.close();
    hub.close();
  }

  private DashboardServer server(Passwords passwords) {
    DashboardControls controls =
        (DashboardControls)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DashboardControls.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "rigs" -> List.of("demo");
                      case "recordings" -> new RigRecordings(recorder.recordings());
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return new DashboardServer(
        DashboardSettings.of("127.0.0.1", 0),
        List::of,
        () -> new StatusSnapshot("test", 0, "ok", List.of()),
        () -> "",
        controls,
        clock,
        new Gate(passwords, clock),
        null);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path);
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    return client.send(
        (headers.length == 0 ? request : request.headers(headers))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode list(String query) throws Exception {
    HttpResponse<byte[]> response = get(ALL + query);
    assertEquals(200, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    return JSON.readTree(response.body());
  }

  private static List<String> names(JsonNode page) {
    return page.path("recordings").findValuesAsText("name");
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void list_asked_tellsNewestFirstAndTheTotal() throws Exception {
    assertTrue(recorder.recordings().keep(SECOND, true));
    JsonNode page = list("");
    assertEquals(List.of(THIRD, SECOND, FIRST), names(page));
    assertEquals(
        JSON.readTree(
            """
            {"name": "%s", "start": "2001-11-18T11:01:00Z", "view": "fused", "bytes": 300000,
             "durationMs": null, "kept": true, "active": false}
            """
                .formatted(SECOND)),
        page.path("recordings").get(1));
    assertFalse(page.path("older").asBoolean());
    assertEquals(3, page.path("files").asInt());
    assertEquals(900_000, page.path("bytes").asInt());
    assertEquals(1, page.path("keptFiles").asInt());
    assertEquals(300_000, page.path("keptBytes").asInt());
    assertTrue(page.path("freeBytes").asLong() > 0);
  }

  @Test
  void list_inPages_givesEachOnce() throws Exception {
    JsonNode page = list("?limit=2");
    assertEquals(List.of(THIRD, SECOND), names(page));
    assertTrue(page.path("older").asBoolean());
    page = list("?limit=2&before=" + SECOND);
    assertEquals(List.of(FIRST), names(page));
    assertFalse(page.path("older").asBoolean());
    assertEquals(3, page.path("files").asInt());
    assertEquals(List.of(), names(list("?before=" + FIRST)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "501", "-1", "x", "", "99999999999"})
  void list_wrongLimit_isRefused(String limit) throws Exception {
    HttpResponse<byte[]> response = get(ALL + "?limit=" + limit);
    assertEquals(400, response.statusCode());
    assertTrue(new String(response.body(), StandardCharsets.UTF_8).contains("from 1 to 500"));
  }

  @Test
  void list_noFolderYet_isEmpty() throws Exception {
    for (String name : List.of(FIRST, SECOND, THIRD)) {
      Files.delete(folder.resolve(name));
    }
    Files.delete(folder);
    assertEquals(0, list("").path("files").asInt());
  }

  @Test
  void download_whole_isTheFile_keptOrNot() throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> response = get(ALL + "/" + FIRST);
      assertEquals(200, response.statusCode());
      assertArrayEquals(bytes, response.body());
      assertEquals("video/mp4", header(response, "content-type"));
      assertEquals("bytes", header(response, "accept-ranges"));
      assertEquals(
          "attachment; filename=\"demo_" + FIRST + "\"", header(response, "content-disposition"));
      assertEquals("nosniff", header(response, "x-content-type-options"));
      assertTrue(recorder.recordings().keep(FIRST, true));
    }
  }

  @Test
  void download_head_tellsTheSize() throws Exception {
    HttpResponse<String> response = send("HEAD", ALL + "/" + FIRST, "");
    assertEquals(200, response.statusCode());
    assertEquals("300000", header(response, "content-length"));
    assertEquals("bytes", header(response, "accept-ranges"));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,1",
    "bytes=0-99,0,100",
    "bytes=100-,100,299900",
    "bytes=100000-200000,100000,100001",
    "bytes=299999-,299999,1",
    "bytes=299000-400000,299000,1000",
    "bytes=0-999999999999999999,0,300000",
    "bytes=-1000,299000,1000",
    "bytes=-400000,0,300000"
  })
  void download_part_isThatPart(String range, int from, int length) throws Exception {
    HttpResponse<byte[]> response = get(ALL + "/" + FIRST, "Range", range);
    assertEquals(206, response.statusCode());
    assertArrayEquals(Arrays.copyOfRange(bytes, from, from + length), response.body());
    assertEquals(
        "bytes %d-%d/300000".formatted(from, from + length - 1), header(response, "content-range"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=5-2",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "bytes=0-9999999999999999999999",
        "lines=0-1",
        "bytes"
      })
  void download_rangeThatIsNone_givesTheWhole(String range) throws Exception {
    HttpResponse<byte[]> response = get(ALL + "/" + FIRST, "Range", range);
    assertEquals(200, response.statusCode());
    assertArrayEquals(bytes, response.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=300000-", "bytes=300000-300001", "bytes=-0"})
  void download_rangeBehindTheEnd_isRefused(String range) throws Exception {
    HttpResponse<byte[]> response = get(ALL + "/" + FIRST, "Range", range);
    assertEquals(416, response.statusCode());
    assertEquals("bytes */300000", header(response, "content-range"));
  }

  @Test
  void download_goesOn_onlyWithTheSameFile() throws Exception {
    String tag = header(get(ALL + "/" + FIRST), "etag");
    assertEquals(304, get(ALL + "/" + FIRST, "If-None-Match", tag).statusCode());
    String[] same = {"Range", "bytes=10-19", "If-Range", tag};
    assertEquals(10, get(ALL + "/" + FIRST, same).body().length);
    Files.write(folder.resolve(FIRST), new byte[400_000]);
    assertEquals(400_000, get(ALL + "/" + FIRST, same).body().length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret.mp4",
        "..%2fsecret",
        "%2e%2e%2fsecret",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        "../secret",
        "../../../../../../../etc/passwd",
        "kept/" + FIRST,
        "kept%2f" + FIRST,
        "..%2fdemo%2f" + FIRST,
        FIRST + "%00",
        FIRST + "%0a",
        FIRST + "%2f",
        "%00",
        "2001-11-18T11-00-00Z_..%2f..%2fsecret.mp4",
        "2001-11-18T09-00-00Z_fused.mp4",
        "2001-11-18T08-00-00Z_fused.mp4"
      })
  void name_ofAnythingElse_isNotThere(String name) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    Files.writeString(folder.resolve("secret.mp4"), "secret");
    Files.createSymbolicLink(folder.resolve("2001-11-18T09-00-00Z_fused.mp4"), secret);
    Files.createDirectory(folder.resolve("2001-11-18T08-00-00Z_fused.mp4"));
    Files.createDirectory(folder.resolve("kept"));
    Files.write(folder.resolve("kept").resolve(FIRST), bytes);
    for (String method : List.of("GET", "DELETE", "PUT")) {
      String answer = raw(method, ALL + "/" + name);
      String status = answer.substring(9, 12);
      assertTrue(List.of("404", "400", "405").contains(status), method + " " + answer);
      assertFalse(answer.contains("\r\n\r\nsecret"), answer);
    }
    assertTrue(Files.exists(secret));
    assertTrue(Files.exists(folder.resolve("secret.mp4")));
    assertTrue(Files.exists(folder.resolve(FIRST)));
    assertTrue(Files.exists(folder.resolve("kept").resolve(FIRST)));
  }

  /** Sends bytes as they are: what a client library would clean up stays. */
  private String raw(String method, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      String body = method.equals("PUT") ? "{\"kept\":true}" : "";
      out.write(
          "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(method, path, body.length(), body)
              .getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void rig_unknown_isNotThere() throws Exception {
    String other = "/api/v1/rigs/rear/recordings";
    assertEquals(404, get(other).statusCode());
    assertEquals(404, get(other + "/" + FIRST).statusCode());
    assertEquals(404, send("DELETE", other + "/" + FIRST, "").statusCode());
    assertEquals(404, get("/api/v1/rigs/%2e%2e/recordings").statusCode());
  }

  @Test
  void keep_andRelease_isSeenInTheList() throws Exception {
    assertEquals(200, send("PUT", ALL + "/" + FIRST, "{\"kept\":true}").statusCode());
    assertEquals(1, list("").path("keptFiles").asInt());
    assertTrue(Files.exists(folder.resolve("kept").resolve(FIRST)));
    assertEquals(200, send("PUT", ALL + "/" + FIRST, "{\"kept\":false}").statusCode());
    assertEquals(0, list("").path("keptFiles").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"kept\":1}", "{\"kept\":\"true\"}", "{\"keep\":true}"})
  void keep_wrongBody_isRefused(String body) throws Exception {
    assertEquals(400, send("PUT", ALL + "/" + FIRST, body).statusCode());
    assertTrue(Files.exists(folder.resolve(FIRST)));
  }

  @Test
  void keep_diskRefuses_saysWhy() throws Exception {
    Files.writeString(folder.resolve("kept"), "in the way");
    HttpResponse<String> response = send("PUT", ALL + "/" + FIRST, "{\"kept\":true}");
    assertEquals(409, response.statusCode());
    assertTrue(response.body().contains("\"demo/kept: is in the way\""), response.body());
  }

  @Test
  void delete_recording_isGone() throws Exception {
    assertEquals(200, send("DELETE", ALL + "/" + FIRST, "").statusCode());
    assertFalse(Files.exists(folder.resolve(FIRST)));
    assertEquals(404, send("DELETE", ALL + "/" + FIRST, "").statusCode());
    assertEquals(404, get(ALL + "/" + FIRST).statusCode());
    assertEquals(List.of(THIRD, SECOND), names(list("")));
  }

  @Test
  void delete_fromThePageOfAnotherSite_isRefused() throws Exception {
    HttpResponse<String> response =
        send("DELETE", ALL + "/" + FIRST, "", "Origin", "http://evil.example");
    assertEquals(403, response.statusCode());
    assertTrue(Files.exists(folder.resolve(FIRST)));
  }

  @Test
  void users_viewerLooksAndDownloads_andOnlyTheOperatorChanges() throws Exception {
    server.close();
    server = server(new Passwords("steering-wheel", "window-seat"));
    server.start();
    String[] viewer = {"Authorization", basic("viewer:window-seat")};
    String[] operator = {"Authorization", basic("operator:steering-wheel")};
    assertEquals(401, get(ALL).statusCode());
    assertEquals(401, get(ALL + "/" + FIRST).statusCode());
    assertEquals(401, send("DELETE", ALL + "/" + FIRST, "").statusCode());
    assertEquals(200, get(ALL, viewer).statusCode());
    assertArrayEquals(bytes, get(ALL + "/" + FIRST, viewer).body());
    assertEquals(403, send("PUT", ALL + "/" + FIRST, "{\"kept\":true}", viewer).statusCode());
    assertEquals(403, send("DELETE", ALL + "/" + FIRST, "", viewer).statusCode());
    assertTrue(Files.exists(folder.resolve(FIRST)));
    assertEquals(200, send("PUT", ALL + "/" + FIRST, "{\"kept\":true}", operator).statusCode());
    assertEquals(200, send("DELETE", ALL + "/" + FIRST, "", operator).statusCode());
  }

  private static String basic(String userAndPassword) {
    return "Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void fileBeingWritten_isListedAndDownloaded_butNotChanged() throws Exception {
    TinyH264 source = new TinyH264(64, 48, 25);
    hub.described(source.info(), "tiny");
    recorder.start();
    Await.until("subscribed", () -> hub.viewers() == 1);
    long startNs = clock.nowNs();
    for (int i = 0; i < 60; i++) {
      AccessUnit unit = source.unit(i, 25, startNs + i * 40_000_000L);
      hub.publish(
          new AccessUnit(
              unit.payload(), unit.keyFrame(), i, unit.captureNs(), clock.wallNowNs(), 0));
    }
    Await.until("bytes", () -> recorder.status().bytes() > 1_000);
    JsonNode newest = list("").path("recordings").get(0);
    String name = newest.path("name").asText();
    assertTrue(newest.path("active").asBoolean());
    assertTrue(newest.path("durationMs").isNull());
    assertTrue(get(ALL + "/" + name).body().length > 1_000);
    for (String method : List.of("DELETE", "PUT")) {
      HttpResponse<String> refused = send(method, ALL + "/" + name, "{\"kept\":true}");
      assertEquals(409, refused.statusCode());
      String reason = "\"demo/" + name + ": is still being recorded\"";
      assertTrue(refused.body().contains(reason), refused.body());
    }
    recorder.stop();
    Await.until("stopped", () -> !recorder.status().active());
    newest = list("").path("recordings").get(0);
    assertFalse(newest.path("active").asBoolean());
    assertEquals(2_400, newest.path("durationMs").asInt());
    assertEquals(200, send("DELETE", ALL + "/" + name, "").statusCode());
  }
}

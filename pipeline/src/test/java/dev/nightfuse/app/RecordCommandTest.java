package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nightfuse.testing.ExternalProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code nightfuse record} makes of a dashboard's answers. */
final class RecordCommandTest {

  private final HttpServer server;
  private final CommandRun command = new CommandRun();
  private String front = "{\"active\": true, \"view\": \"fused\", \"file\": \"/r/f.mp4\"}";
  private String startAnswer = "{}";
  private int startStatus = 200;

  RecordCommandTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/api/v1/status",
        exchange ->
            answer(
                exchange,
                200,
                """
                {"rigs": [{"name": "front", "recording": %s},
                  {"name": "rear", "recording": {"active": false, "error": ""}}]}
                """
                    .formatted(front)));
    server.createContext("/api/v1/rigs/", exchange -> answer(exchange, startStatus, startAnswer));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private int run(String action) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return command.run(new RecordCommand(), action, "--rig", "front", "--url", url);
  }

  @Test
  void start_rigRecords_succeeds() {
    assertEquals(ExitCode.OK, run("START"));
    assertTrue(command.toString().contains("front records fused to /r/f.mp4"), command.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"active\": false, \"error\": \"disk is full\"} | front does not record: disk is full",
        "{\"active\": true, \"error\": \"no pairs\"} | : no pairs",
        "{\"active\": false, \"error\": \"\"} | front does not record"
      })
  void start_rigDoesNotRecordOrTellsAnError_fails(String recording, String said) {
    front = recording;
    assertEquals(ExitCode.FAILED, run("START"));
    assertTrue(command.toString().contains(said), command.toString());
    assertEquals(ExitCode.OK, run("STATUS"));
    assertEquals(ExitCode.OK, run("STOP"));
  }

  @Test
  void list_inTwoPages_tellsAll() {
    String page =
        """
        {"recordings": [{"name": "%s", "bytes": 30100000, "durationMs": %s, "kept": %s,
          "active": %s}], "older": %s, "files": 2, "bytes": 60200000, "freeBytes": 12000000}
        """;
    server.createContext(
        "/api/v1/rigs/front/recordings",
        exchange ->
            answer(
                exchange,
                200,
                exchange.getRequestURI().getQuery().endsWith("before=")
                    ? page.formatted("b.mp4", "null", "false", "true", "true")
                    : page.formatted("a.mp4", "60033", "true", "false", "false")));
    assertEquals(ExitCode.OK, run("LIST"));
    assertEquals(
        """
        front b.mp4        -      30.1 MB  being recorded
        front a.mp4   60.0 s      30.1 MB  kept
        front: 2 files, 60.2 MB; 12.0 MB free
        """,
        command.toString());
  }

  @Test
  void start_refused_failsWithTheReason() {
    startStatus = 409;
    startAnswer = "{\"error\": {\"status\": 409, \"message\": \"/r: may not be written\"}}";
    assertEquals(ExitCode.FAILED, run("START"));
    assertTrue(command.toString().endsWith(": /r: may not be written"), command.toString());
  }

  @Test
  void start_realProgramWhoseFolderIsInTheWay_failsWithTheReason(@TempDir Path home)
      throws Exception {
    Path recordings = Files.createDirectory(home.resolve("recordings"));
    Path folder = Files.writeString(recordings.resolve("demo"), "in the way");
    String yaml =
        """
        engine: {model: detail-transfer}
        rigs:
          - name: demo
            visible: {uri: "simulated:night"}
            infrared: {uri: "simulated:night"}
            recording: {directory: "%s"}
        """
            .formatted(recordings);
    try (Program program = Program.startWith(home, yaml)) {
      ExternalProcess.Result start =
          Program.run(home, Map.of(), "record", "start", "--url", program.dashboardUrl());
      assertEquals(ExitCode.FAILED, start.exitCode(), start.output());
      assertTrue(start.output().contains(folder + ": is in the way"), start.output());
      Files.delete(folder);
      start = Program.run(home, Map.of(), "record", "start", "--url", program.dashboardUrl());
      assertEquals(ExitCode.OK, start.exitCode(), start.output());
    }
  }
}

package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program with a certificate in its configuration. */
final class TlsTest {

  private static final String YAML =
      """
      server:
        tls: {certificate: tls/robot.pem, key: tls/robot-key.pem%s}
      engine: {model: detail-transfer}
      rigs:
        - name: demo
          visible: {uri: "simulated:night"}
          infrared: {uri: "simulated:night"}
      """;

  @TempDir Path home;

  private static void assertAnnounced(Program program, String scheme, int port) {
    String said = program.process().stdoutNow();
    assertTrue(said.contains("  %s://localhost:%d/".formatted(scheme, port)), said);
  }

  @Test
  void run_withACertificate_isEncrypted_andRecordTrustsItWhenTold() throws Exception {
    TestCertificate made =
        TestCertificate.make(Files.createDirectory(home.resolve("tls")), "robot");
    try (Program program = Program.startWith(home, YAML.formatted(""))) {
      assertAnnounced(program, "https", program.httpPort());
      assertAnnounced(program, "rtsps", program.rtspPort());
      String url = "https://localhost:" + program.httpPort();
      HttpClient client =
          HttpClient.newBuilder().sslContext(TestCertificate.trusting(made)).build();
      String metrics =
          client
              .send(
                  HttpRequest.newBuilder(URI.create(url + "/metrics")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      assertTrue(metrics.contains("\nnightfuse_tls_certificate_left_seconds 3"), metrics);
      assertTrue(metrics.contains("_dropped_total{rig=\"demo\",stage=\"rtsp-send\"} 0"), metrics);

      ExternalProcess.Result told =
          Program.run(home, "record", "status", "--url", url, "--certificate", "tls/robot.pem");
      assertEquals("demo does not record", told.output());
      ExternalProcess.Result untold = Program.run(home, "record", "status", "--url", url);
      assertEquals(ExitCode.UNAVAILABLE, untold.exitCode());
      assertTrue(untold.output().contains("--certificate FILE trusts"), untold.output());
      ExternalProcess.Result plain =
          Program.run(home, "record", "status", "--url", url.replace("https", "http"));
      assertTrue(plain.output().contains("with server.tls it is https://"), plain.output());
      ExternalProcess.Result wrong =
          Program.run(home, "record", "status", "--url", url, "--certificate", "none.pem");
      assertEquals("66 nightfuse: none.pem: no such file", wrong.exitCode() + " " + wrong.output());

      ExternalProcess.require("ffprobe");
      String rtsp = "rtsps://localhost:%d/demo/fused".formatted(program.rtspPort());
      ExternalProcess.Result probed =
          ExternalProcess.run(
              "ffprobe",
              "-v",
              "error",
              "-show_entries",
              "stream=codec_name",
              "-of",
              "csv=p=0",
              rtsp);
      assertEquals("h264", probed.output());
    }
  }

  @Test
  void run_withRtspLeftOut_keepsItPlain() throws Exception {
    var unused = TestCertificate.make(Files.createDirectory(home.resolve("tls")), "robot");
    try (Program program = Program.startWith(home, YAML.formatted(", rtsp: false"))) {
      assertAnnounced(program, "https", program.httpPort());
      assertAnnounced(program, "rtsp", program.rtspPort());
    }
  }

  @Test
  void run_withAKeyThatIsNot_endsWith78_andNamesFileLineAndKey() throws Exception {
    TestCertificate made =
        TestCertificate.make(Files.createDirectory(home.resolve("tls")), "robot");
    Files.delete(made.key());
    Path config = Program.config(home, YAML.formatted(""));
    ExternalProcess.Result refused = Program.run(home, "run", "-c", config.toString());
    assertEquals(ExitCode.CONFIG, refused.exitCode());
    assertEquals(
        "nightfuse: %s:2: server.tls.key: %s: no such file".formatted(config, made.key()),
        refused.output());
  }
}

package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.ExternalProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program with passwords in its configuration. */
final class PasswordsTest {

  private static final String OPERATOR = "steering-wheel";
  private static final String VIEWER = "window-seat";

  @TempDir Path home;

  private ExternalProcess.Result status(Program program, Map<String, String> environment)
      throws Exception {
    return Program.run(home, environment, "record", "status", "--url", program.dashboardUrl());
  }

  private static ExternalProcess.Result probe(String url) throws Exception {
    String command =
        "ffprobe -v error -rtsp_transport tcp -show_entries stream=codec_name -of csv=p=0 " + url;
    return ExternalProcess.run(60, command.split(" ", -1));
  }

  @Test
  void run_withPasswords_asksEverybody_andTellsNobody() throws Exception {
    ExternalProcess.require("ffprobe");
    String yaml =
        """
        server: {passwords: {operator: "%s", viewer: "%s"}}
        engine: {model: detail-transfer}
        rigs:
          - name: demo
            visible: {uri: "simulated:night"}
            infrared: {uri: "simulated:night"}
        """
            .formatted(OPERATOR, VIEWER);
    try (Program program = Program.startWith(home, yaml)) {
      assertEquals(401, program.get("api/v1/status").statusCode());
      ExternalProcess.Result stranger = status(program, Map.of());
      assertEquals(ExitCode.FAILED, stranger.exitCode());
      assertTrue(
          stranger.output().contains("NIGHTFUSE_PASSWORD in the environment is not set"),
          stranger.output());
      ExternalProcess.Result viewer = status(program, Map.of("NIGHTFUSE_PASSWORD", VIEWER));
      assertTrue(viewer.output().contains("in the environment is another"), viewer.output());
      ExternalProcess.Result operator = status(program, Map.of("NIGHTFUSE_PASSWORD", OPERATOR));
      assertEquals("demo does not record", operator.output());

      String url = program.rtspUrl("visible");
      assertTrue(probe(url).stderr().contains("401 Unauthorized"));
      String login = "rtsp://viewer:" + VIEWER + "@";
      assertEquals("h264", probe(url.replace("rtsp://", login)).text().strip());

      String said = program.process().stdoutNow() + program.process().stderrNow();
      assertTrue(said.contains("wrong user or password"), said);
      assertFalse(said.contains(OPERATOR) || said.contains(VIEWER), said);
    }
  }
}

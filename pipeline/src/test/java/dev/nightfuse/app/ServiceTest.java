package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, heard on a socket in systemd's place. */
final class ServiceTest {

  /** Prints every message; Java has no datagrams on Unix sockets. */
  private static final String LISTENER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1])
      print("bound", flush=True)
      while True:
          print(s.recv(4096).decode(), flush=True)
      """;

  private static final String RIG =
      """
      rigs:
        - name: demo
          visible: {uri: "%1$s"}
          infrared: {uri: "%1$s"}
          sync: {max_hold_ms: 0}
      """;

  @TempDir Path home;

  @BeforeEach
  void requirePython() {
    ExternalProcess.require("python3");
  }

  private ExternalProcess listen() throws Exception {
    ExternalProcess listener =
        ExternalProcess.start("python3", "-c", LISTENER, home.resolve("notify").toString());
    Await.until("the socket", () -> listener.stdoutNow().contains("bound"));
    return listener;
  }

  private Program run(String uri) throws Exception {
    Path config = Program.config(home, RIG.formatted(uri));
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", home.resolve("notify").toString());
    return Program.launch(home, environment, "run", "-c", config.toString());
  }

  /** Without the status lines, which come whenever something changes. */
  private static List<String> heard(ExternalProcess listener) {
    return listener
        .stdoutNow()
        .lines()
        .filter(line -> !line.equals("bound") && !line.startsWith("STATUS="))
        .toList();
  }

  private static long count(ExternalProcess listener, String message) {
    return listener.stdoutNow().lines().filter(message::equals).count();
  }

  @Test
  void notify_framesMove_readyThenWatchdogThenStopping() throws Exception {
    try (ExternalProcess listener = listen();
        Program program = run("simulated:night")) {
      Await.until("a fed watchdog", Program.PATIENCE, () -> count(listener, "WATCHDOG=1") >= 3);
      program.awaitAnnouncement();
      assertTrue(program.rig().path("fusedFrames").asLong() > 0);
      program.process().terminate();
      ExternalProcess.Result unused = program.process().await(30);
      Await.until("the goodbye", () -> count(listener, "STOPPING=1") == 1);
      assertTrue(count(listener, "STATUS=showing pictures") >= 1, listener.stdoutNow());
      List<String> heard = heard(listener);
      assertEquals("READY=1", heard.get(0));
      assertEquals(1, count(listener, "READY=1"));
      assertEquals("STOPPING=1", heard.get(heard.size() - 1));
    }
  }

  @Test
  void notify_camerasNotThere_neverReadyAndSaysWhatIsMissing() throws Exception {
    try (ExternalProcess listener = listen();
        Program program = run("replay:" + home.resolve("none.mp4"))) {
      // Both cameras were tried: it has come past the moment at which it would have said so. A loss
      // is told once.
      Await.until(
          "both cameras are lost",
          Program.PATIENCE,
          () -> program.process().stderrNow().split("is lost", -1).length == 3);
      Path missing = home.resolve("none.mp4");
      String reason = "replay:%s: no such file or folder".formatted(missing);
      String status = "STATUS=waiting for demo/visible: %1$s; demo/infrared: %1$s";
      Await.until("the status", () -> count(listener, status.formatted(reason)) > 0);
      assertEquals(List.of(), heard(listener));
      program.process().terminate();
      assertEquals(143, program.process().await(30).exitCode());
      assertFalse(listener.stdoutNow().contains("READY"));
    }
  }

  @Test
  void notify_recordingsEnd_isSaidAndNobodyStartsThemAgain() throws Exception {
    try (ExternalProcess listener = listen();
        Program program = run("simulated:night?frames=60")) {
      program.awaitAnnouncement();
      program.awaitRig("the end", rig -> rig.path("degradations").toString().contains("ENDED"));
      String ended = "its recording has ended";
      String status =
          "STATUS=showing pictures without demo/visible: %1$s; demo/infrared: %1$s"
              .formatted(ended);
      Await.until("the status", () -> count(listener, status) > 0);
      long fed = count(listener, "WATCHDOG=1");
      Await.until("the watchdog is fed on", () -> count(listener, "WATCHDOG=1") >= fed + 4);
    }
  }
}

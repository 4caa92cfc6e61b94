package dev.nightfuse.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real datagram socket, opened by Python because Java has none. */
final class SystemdNotifierTest {

  private static final String LISTENER =
      """
      import socket,sys
      s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)
      n=sys.argv[1]
      s.bind('\\0'+n[1:] if n[0]=='@' else n)
      print('bound',flush=True)
      for i in range(3): print(s.recv(1000).decode(),flush=True)
      """;

  @TempDir private Path folder;

  @Test
  void notify_socketWithAPath_getsEveryMessage() throws Exception {
    hear(folder.resolve("notify").toString());
  }

  @Test
  void notify_abstractSocket_getsEveryMessage() throws Exception {
    hear("@nightfuse-test-" + ProcessHandle.current().pid());
  }

  private static void hear(String name) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
    Process listener =
        new ProcessBuilder("/usr/bin/python3", "-c", LISTENER, name)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader heard =
            new BufferedReader(
                new InputStreamReader(listener.getInputStream(), StandardCharsets.UTF_8));
        SystemdNotifier notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", name))) {
      assertEquals("bound", heard.readLine());
      notifier.ready();
      notifier.watchdog();
      notifier.status("two\nlines");
      assertEquals("READY=1", heard.readLine());
      assertEquals("WATCHDOG=1", heard.readLine());
      assertEquals("STATUS=two lines", heard.readLine());
    } finally {
      listener.destroyForcibly().waitFor();
    }
  }

  @Test
  void notify_noSocketOrNobodyListening_doesNothing() {
    try (SystemdNotifier none = SystemdNotifier.of(Map.of());
        SystemdNotifier gone =
            SystemdNotifier.of(Map.of("NOTIFY_SOCKET", folder.resolve("none").toString()))) {
      none.ready();
      gone.ready();
      gone.stopping();
    }
  }
}

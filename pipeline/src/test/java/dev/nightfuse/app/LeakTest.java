package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work that is repeated many times leaves memory, descriptors and threads as they were. */
@Tag("long")
final class LeakTest {

  private static final int CLIENTS = 200;

  /** Settling, measured below 5 MiB; one leaked frame a cycle would be 16 MiB in half of them. */
  private static final long REPEATED_KIB = 10_240;

  /** A client keeps nothing; the program's heap may still grow to its usual size. */
  private static final long CLIENTS_KIB = 24_576;

  @TempDir Path home;

  @BeforeEach
  void requireProc() {
    Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "no /proc here");
  }

  @ParameterizedTest
  @CsvSource({"frames, 10000", "cycles, 300"})
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void repeated_manyTimes_holdsNoMore(String work, int count) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms96m",
            "-Xmx96m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dnightfuse.root=" + System.getProperty("nightfuse.root", ".."),
            "-cp",
            System.getProperty("java.class.path"),
            LeakChild.class.getName(),
            work,
            Integer.toString(count));
    builder.directory(home.toFile()).environment().put("XDG_CACHE_HOME", home.toString());
    // One arena: what the C library keeps for every new thread would hide what we lose.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    try (ExternalProcess child = ExternalProcess.start(builder)) {
      ExternalProcess.Result result = child.await(1_700);
      assertEquals(0, result.exitCode(), result.toString());
      List<Footprint> said = result.text().lines().map(LeakTest::footprint).toList();
      assertEquals(2, said.size(), result.toString());
      said.get(1).assertNotAbove(said.get(0), REPEATED_KIB, count + " " + work);
    }
  }

  private static Footprint footprint(String line) {
    String[] words = line.split(" ", -1);
    return new Footprint(
        Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void clients_comeAndGo_leaveNothing() throws Exception {
    try (Program demo = Program.launch(home, Map.of(), "demo")) {
      demo.awaitAnnouncement();
      // The first ones open what stays open: encoders of both views, buffers, compiled code.
      connect(demo, CLIENTS / 2);
      Footprint before = settled(demo);
      connect(demo, CLIENTS);
      Footprint after = settled(demo);
      after.assertNotAbove(before, CLIENTS_KIB, CLIENTS + " of RTSP, of WebSocket and of stills");
    }
  }

  /** The footprint once nobody watches any more. */
  private static Footprint settled(Program demo) throws Exception {
    demo.awaitRig(
        "no viewers", rig -> !rig.path("streams").toString().matches(".*\"viewers\":[1-9].*"));
    demo.awaitRig(
        "no encoders", rig -> !rig.path("streams").toString().matches(".*\"encoder\":\"[a-z].*"));
    return Footprint.of(demo.process().handle().pid());
  }

  private static void connect(Program demo, int count) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < count; i++) {
      playRtsp(demo, i % 2 == 0);
      watch(client, demo, i % 2 == 0);
      assertEquals(200, demo.get("api/v1/rigs/demo/overlay.jpg").statusCode());
    }
  }

  private static void playRtsp(Program demo, boolean politely) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), demo.rtspPort())) {
      socket.setSoTimeout(30_000);
      String url = demo.rtspUrl("fused");
      request(socket, "DESCRIBE " + url + " RTSP/1.0\r\nCSeq: 1\r\n\r\n");
      String setup =
          request(
              socket,
              "SETUP "
                  + url
                  + "/trackID=0 RTSP/1.0\r\nCSeq: 2\r\n"
                  + "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n");
      String session = setup.replaceAll("(?s).*Session: *([^;\\r]+).*", "$1");
      request(socket, "PLAY " + url + " RTSP/1.0\r\nCSeq: 3\r\nSession: " + session + "\r\n\r\n");
      socket.getInputStream().readNBytes(4_000);
      if (politely) {
        String bye = "TEARDOWN " + url + " RTSP/1.0\r\nCSeq: 4\r\nSession: " + session + "\r\n\r\n";
        socket.getOutputStream().write(bye.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static String request(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    if (!head.toString().startsWith("RTSP/1.0 200")) {
      throw new AssertionError(text + " is answered " + head);
    }
    int body = head.indexOf("Content-Length: ");
    if (body >= 0) {
      String length = head.substring(body + 16, head.indexOf("\r\n", body));
      in.readNBytes(Integer.parseInt(length.strip()));
    }
    return head.toString();
  }

  private static void watch(HttpClient client, Program demo, boolean politely) throws Exception {
    CountDownLatch pictures = new CountDownLatch(3);
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            pictures.countDown();
            return WebSocket.Listener.super.onBinary(socket, data, last);
          }
        };
    URI uri = URI.create("ws://127.0.0.1:%d/ws/demo/overlay".formatted(demo.httpPort()));
    WebSocket socket =
        client.newWebSocketBuilder().buildAsync(uri, listener).get(30, TimeUnit.SECONDS);
    Await.until("pictures", () -> pictures.getCount() == 0);
    if (politely) {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
    }
    socket.abort();
  }
}

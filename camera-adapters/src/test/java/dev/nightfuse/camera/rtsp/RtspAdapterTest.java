package dev.nightfuse.camera.rtsp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.testing.ProcessResources;
import dev.nightfuse.camera.testing.RecordingSink;
import dev.nightfuse.frame.FrameClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RtspAdapterTest {

  private final RtspAdapter adapter = new RtspAdapter();
  private final RecordingSink sink = new RecordingSink(frame -> 0);

  @Test
  void run_nobodyListens_failsAtOnceWithoutCredentials() throws Exception {
    int port;
    try (ServerSocket unused = listen()) {
      port = unused.getLocalPort();
    }
    String message = fails("rtsp://someone:secret@127.0.0.1:" + port + "/x");
    assertTrue(message.startsWith("rtsp://***@127.0.0.1:" + port + "/x: "), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void run_unknownHost_isNamed() throws Exception {
    String message = fails("rtsp://someone:secret@no-such-host.invalid/x");
    assertTrue(message.startsWith("rtsp://***@no-such-host.invalid/x: "), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void run_serverNeverAnswers_givesUpAfterConnectTime() throws Exception {
    try (Server server = new Server(request -> "")) {
      String message = fails(server.uri("nf.connect_ms=400"));
      assertTrue(message.startsWith("rtsp://***@127.0.0.1"), message);
      assertTrue(server.asked.get());
    }
  }

  @Test
  void run_wrongPassword_saysSoWithoutIt() throws Exception {
    try (Server server =
        new Server(
            request ->
                "RTSP/1.0 401 Unauthorized\r\nCSeq: %s\r\nWWW-Authenticate: Basic realm=\"cam\"\r\n\r\n"
                    .formatted(cseq(request)))) {
      String message = fails(server.uri("nf.connect_ms=5000"));
      assertTrue(message.contains("nauthorized") || message.contains("uthoriz"), message);
      assertFalse(message.contains("secret"), message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "u:p%40s%2Fs%3A%25, u:p@s/s:%",
    "u:p@s@s, u:p@s@s", // as other programs take it
    "u:p@s%40s, u:p@s@s"
  })
  void run_password_isTheCameras(String written, String meant) throws Exception {
    AtomicReference<String> given = new AtomicReference<>("");
    try (Server server =
        new Server(
            request -> {
              request
                  .lines()
                  .filter(line -> line.startsWith("Authorization: Basic "))
                  .forEach(line -> given.set(line.substring(21)));
              return "RTSP/1.0 401 Unauthorized\r\nCSeq: %s\r\nWWW-Authenticate: Basic realm=\"cam\"\r\n\r\n"
                  .formatted(cseq(request));
            })) {
      fails(server.uri("").replace("someone:secret", written));
    }
    assertEquals(meant, new String(Base64.getDecoder().decode(given.get()), UTF_8));
  }

  @Test
  void run_pathNotThere_saysSo() throws Exception {
    try (Server server =
        new Server(
            request -> "RTSP/1.0 404 Not Found\r\nCSeq: %s\r\n\r\n".formatted(cseq(request)))) {
      String message = fails(server.uri("nf.connect_ms=5000"));
      assertTrue(message.contains("ot found") || message.contains("ot Found"), message);
    }
  }

  @Test
  void run_stopWhileConnecting_returnsSoon() throws Exception {
    try (Server server = new Server(request -> "")) {
      // Returns only because it is asked to: connecting may take ten minutes.
      adapter
          .open(settings(server.uri("nf.connect_ms=600000")))
          .run(sink, () -> server.asked.get());
      assertEquals(0, sink.count());
    }
  }

  @Test
  void run_100FailedAttempts_leaveFilesAndThreadsFlat() throws Exception {
    int port;
    try (ServerSocket unused = listen()) {
      port = unused.getLocalPort();
    }
    String uri = "rtsp://127.0.0.1:" + port + "/x";
    for (int i = 0; i < 20; i++) {
      fails(uri);
    }
    long files = ProcessResources.openFiles();
    long threads = ProcessResources.threads();
    for (int i = 0; i < 100; i++) {
      fails(uri);
    }
    assertTrue(ProcessResources.openFilesFallTo(files + 1), "open files grow");
    assertTrue(ProcessResources.threads() <= threads + 2, "threads grow");
  }

  @ParameterizedTest
  @CsvSource({
    "rtsp://h/x?nf.transport=http, 'nf.transport=http; allowed is tcp or udp'",
    "rtsp://h/x?nf.latency_ms=-1, 'nf.latency_ms=-1; allowed is a whole number from 0 to 10000'",
    "rtsp://h/x?nf.rotate=-90, 'nf.rotate=-90; allowed is 0 or 90 or 180 or 270'",
    "rtsp://u:p@h/x?nf.certificate=c.pem, 'nf.certificate=c.pem; allowed is a file for rtsps:// addresses only'",
    "rtsps://u:p@h/x?nf.certificate=no.pem, 'nf.certificate=no.pem; allowed is a PEM file, readable, with the camera''s certificate'",
    "rtsps://u:p@h/x?nf.certificate=pom.xml, 'nf.certificate=pom.xml; allowed is a PEM file, readable, with the camera''s certificate'",
    "rtsp://u:p@h/x?nf.fps=3, 'unknown option nf.fps; known are nf.transport, nf.latency_ms, nf.connect_ms, nf.silence_ms, nf.freeze_ms, nf.certificate, nf.size, nf.rotate, nf.flip'"
  })
  void open_wrongOption_saysWhatIsAllowed(String uri, String message) throws Exception {
    CameraException e = assertThrows(CameraException.class, () -> adapter.open(settings(uri)));
    assertTrue(e.getMessage().endsWith(": " + message), e.getMessage());
    assertFalse(e.getMessage().contains("u:p@"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "'', INFRARED, 0",
    "?nf.freeze_ms=400, INFRARED, 400",
    "'', VISIBLE, 0",
    "?nf.freeze_ms=3000, VISIBLE, 3000"
  })
  void open_freeze_isOffUnlessAskedFor(String options, Modality modality, long expected)
      throws Exception {
    CameraSettings settings =
        new CameraSettings(
            "rig/" + modality.label(),
            modality,
            CameraUri.parse("rtsp://h/x" + options),
            Pacing.LIVE,
            4,
            FrameClock.system());
    assertEquals(expected, adapter.open(settings).freezeMs());
  }

  @Test
  void open_camerasOwnQuery_isLeftToTheCamera() throws Exception {
    adapter.open(settings("rtsp://h/cam?channel=1&subtype=0&nf.transport=udp"));
  }

  private String fails(String uri) throws CameraException {
    CameraSettings settings = settings(uri);
    return String.valueOf(
        assertThrows(CameraException.class, () -> adapter.open(settings).run(sink, () -> false))
            .getMessage());
  }

  private static CameraSettings settings(String uri) throws CameraException {
    return new CameraSettings(
        "rig/visible", Modality.VISIBLE, CameraUri.parse(uri), Pacing.LIVE, 4, FrameClock.system());
  }

  private static String cseq(String request) {
    return request
        .lines()
        .filter(line -> line.startsWith("CSeq:"))
        .findFirst()
        .orElse("CSeq: 1")
        .substring(5)
        .strip();
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  /** Answers every request with what a function says; "" is no answer at all. */
  private static final class Server implements AutoCloseable {

    final AtomicBoolean asked = new AtomicBoolean();
    private final ServerSocket socket = listen();
    private final UnaryOperator<String> answer;
    private final Thread thread = new Thread(this::serve, "test-rtsp-server");

    Server(UnaryOperator<String> answer) throws IOException {
      this.answer = answer;
      thread.start();
    }

    String uri(String options) {
      return "rtsp://someone:secret@127.0.0.1:%d/x?%s".formatted(socket.getLocalPort(), options);
    }

    private void serve() {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          StringBuilder request = new StringBuilder();
          int b;
          while ((b = client.getInputStream().read()) >= 0) {
            request.append((char) b);
            if (request.toString().endsWith("\r\n\r\n")) {
              asked.set(true);
              client
                  .getOutputStream()
                  .write(answer.apply(request.toString()).getBytes(StandardCharsets.US_ASCII));
              request.setLength(0);
            }
          }
        } catch (IOException e) {
          // The client went away, or the test is over.
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
      try {
        thread.join(5000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads by clients that are slow, or go. */
final class DownloadTest {

  private static final int FILE_BYTES = 3_000_000;
  private static final int IDLE_MS = 1_500;
  private static final String PATH = "/api/v1/rigs/demo/recordings/2026-11-18T11-00-00Z_fused.mp4";

  @TempDir Path folder;

  private final FrameClock clock = FrameClock.system();
  private final LiveFeed feed = LiveFeed.tiny();
  private final FakeControls controls = new FakeControls(List.of("demo"));
  private final DashboardServer server =
      new DashboardServer(
          DashboardSettings.of("127.0.0.1", 0),
          new ConnectionLimits(50, 50, 10_000, IDLE_MS),
          feed,
          new TestStatus(feed, controls),
          () -> "",
          controls,
          clock,
          new Gate(Passwords.NONE, clock),
          null);
  private Path file;

  @BeforeEach
  void start() throws Exception {
    file = Files.write(folder.resolve("video.mp4"), new byte[FILE_BYTES]);
    controls.recordings("demo").add(Instant.parse("2026-11-18T11:00:00Z"), 1, FILE_BYTES);
    controls.recordings("demo").video(file);
    server.start();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    feed.close();
  }

  /** A connection that takes little ahead and has asked for the file. */
  private Socket asked() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(64 * 1024);
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    socket
        .getOutputStream()
        .write(
            ("GET " + PATH + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private long openFiles() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(this::isTheFile).count();
    }
  }

  private boolean isTheFile(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void download_slowerThanTheIdleTimeout_isNotCut() throws Exception {
    try (Socket socket = asked()) {
      InputStream in = socket.getInputStream();
      long startNs = clock.nowNs();
      long taken = 0;
      byte[] some = new byte[40_000];
      while (taken < FILE_BYTES) {
        int read = in.read(some);
        assertTrue(read > 0, "cut after " + taken + " bytes");
        taken += read;
        // The pace of a slow network: sendFile's megabyte would take longer than the timeout.
        long dueNs = startNs + taken * 4 * IDLE_MS * 1_000_000L / FILE_BYTES;
        while (clock.nowNs() < dueNs) {
          LockSupport.parkNanos(dueNs - clock.nowNs());
        }
      }
    }
    Await.until("the file closed", () -> openFiles() == 0);
  }

  @Test
  void download_clientGoes_closesTheFile() throws Exception {
    try (Socket socket = asked()) {
      assertTrue(socket.getInputStream().readNBytes(100_000).length == 100_000);
      assertEquals(1, openFiles());
    }
    Await.until("the file closed", () -> openFiles() == 0);
  }

  @Test
  void download_clientTakesNothing_isClosedByTheIdleTimeout() throws Exception {
    try (Socket socket = asked()) {
      assertTrue(socket.getInputStream().readNBytes(1_000).length == 1_000);
      Await.until("the file closed", () -> openFiles() == 0);
    }
  }

  @Test
  void download_fileBecomesShorter_endsTheConnection() throws Exception {
    try (Socket socket = asked()) {
      InputStream in = socket.getInputStream();
      assertTrue(in.readNBytes(1_000).length == 1_000);
      Files.write(file, new byte[1_000]);
      assertTrue(in.readAllBytes().length < FILE_BYTES);
    } catch (java.net.SocketException e) {
      // Reset is an end as well.
      assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
    }
    Await.until("the file closed", () -> openFiles() == 0);
  }

  @Test
  void download_deletedMeanwhile_isWhole() throws Exception {
    try (Socket socket = asked()) {
      InputStream in = socket.getInputStream();
      assertTrue(in.readNBytes(1_000).length == 1_000);
      Files.delete(file);
      assertTrue(in.readNBytes(FILE_BYTES - 1_000).length == FILE_BYTES - 1_000);
    }
  }

  @Test
  void download_fileCannotBeOpened_saysWhyAndPromisesNothing() throws Exception {
    // A socket has a size and a date, and cannot be opened, not even by root.
    Path socketFile = folder.resolve("socket");
    try (ServerSocketChannel bound =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(socketFile))) {
      assertTrue(bound.isOpen());
      controls.recordings("demo").video(socketFile);
      HttpResponse<String> answer = get(server.port(), PATH);
      assertEquals(409, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains("mp4: "), answer.body());
      assertFalse(answer.body().contains(folder.toString()), answer.body());
      assertFalse(answer.headers().map().containsKey("content-disposition"));
      assertFalse(answer.headers().map().containsKey("etag"));
    }
  }

  @Test
  void download_goneBeforeItIsOpened_isNotThere() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      Download download = new Download(vertx);
      Download.Source source = Download.Source.of(file, "demo_x.mp4");
      Files.delete(file);
      router.get("/x").handler(ctx -> download.send(ctx, source)).failureHandler(Replies::failure);
      int port =
          vertx
              .createHttpServer()
              .requestHandler(router)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .actualPort();
      HttpResponse<String> answer = get(port, "/x");
      assertEquals(404, answer.statusCode());
      assertTrue(answer.body().contains("demo_x.mp4 is no longer there"), answer.body());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}

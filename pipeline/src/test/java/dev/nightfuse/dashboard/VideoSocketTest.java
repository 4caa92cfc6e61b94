package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.View;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.TestCertificate;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Video over WebSocket as a program sees it. */
final class VideoSocketTest {

  private static final int STALL_MS = 1_000;

  private final FakeControls controls = new FakeControls(List.of("demo"));
  private final HttpClient client = HttpClient.newHttpClient();
  private LiveFeed feed = LiveFeed.tiny();
  private DashboardServer server = started(feed, null);

  private DashboardServer started(LiveFeed source, @Nullable ServerCertificate certificate) {
    DashboardServer made =
        new DashboardServer(
            new DashboardSettings("127.0.0.1", 0, 8, 30, STALL_MS, 200, List.of()),
            source,
            new TestStatus(source, controls),
            () -> "",
            controls,
            FrameClock.system(),
            new Gate(Passwords.NONE, FrameClock.system()),
            certificate);
    try {
      made.start();
    } catch (DashboardException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return made;
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    feed.close();
  }

  /** Pictures so large that an unread connection is full within a second. */
  private void useLargePictures(@Nullable ServerCertificate certificate) throws Exception {
    server.close();
    feed.close();
    Map<View, H264Sample> clips = new EnumMap<>(View.class);
    clips.put(View.FUSED, H264Sample.tiny(320, 240, 1));
    feed = new LiveFeed(List.of("demo"), clips, 0);
    server = started(feed, certificate);
  }

  /** One message of the wire format, taken apart. */
  private record Message(
      int kind, boolean key, long sequence, double captureMs, double mediaMs, byte[] body) {

    static Message of(byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      int header = buffer.getShort(2);
      byte[] body = new byte[bytes.length - header];
      buffer.get(header, body);
      return new Message(
          buffer.get(0),
          (buffer.get(1) & 1) == 1,
          buffer.getInt(4) & 0xffff_ffffL,
          buffer.getDouble(8),
          buffer.getDouble(16),
          body);
    }

    String box() {
      return new String(body, 4, 4, StandardCharsets.US_ASCII);
    }
  }

  private static final class Client implements WebSocket.Listener {

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final List<byte[]> parts = new ArrayList<>();

    Message next() throws InterruptedException {
      Message message = messages.poll(10, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no message for ten seconds");
      }
      return message;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      parts.add(part);
      if (last) {
        ByteBuffer whole = ByteBuffer.allocate(parts.stream().mapToInt(p -> p.length).sum());
        parts.forEach(whole::put);
        parts.clear();
        messages.add(Message.of(whole.array()));
      }
      webSocket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  private WebSocket connect(String path, Client listener) throws Exception {
    return connect("ws", client, path, listener);
  }

  private WebSocket connect(String scheme, HttpClient from, String path, Client listener)
      throws Exception {
    return from.newWebSocketBuilder()
        .buildAsync(URI.create(scheme + "://127.0.0.1:" + server.port() + path), listener)
        .get(10, TimeUnit.SECONDS);
  }

  /** A viewer that reads the handshake's answer and then nothing any more. */
  private Socket stuckViewer(@Nullable SSLContext tls) throws Exception {
    Socket plain = new Socket();
    plain.setReceiveBufferSize(4096);
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    Socket socket =
        tls == null
            ? plain
            : tls.getSocketFactory().createSocket(plain, "localhost", server.port(), true);
    OutputStream out = socket.getOutputStream();
    out.write(Handshake.request("/ws/demo/fused", "").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    InputStream in = socket.getInputStream();
    byte[] first = in.readNBytes(12);
    assertEquals("HTTP/1.1 101", new String(first, StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void viewer_connected_getsInitThenKeyFrameThenEveryPicture() throws Exception {
    Client viewer = new Client();
    WebSocket socket = connect("/ws/demo/fused", viewer);
    Message init = viewer.next();
    assertEquals(WireFormat.KIND_INIT, init.kind());
    assertEquals("ftyp", init.box());
    Message picture = viewer.next();
    assertTrue(picture.key(), "the first picture is a key frame");
    assertEquals(0, picture.mediaMs());
    double nowMs = FrameClock.system().wallNowNs() / 1e6;
    for (int i = 0; i < 40; i++) {
      assertEquals(WireFormat.KIND_PICTURE, picture.kind());
      assertEquals("moof", picture.box());
      assertTrue(Math.abs(picture.captureMs() - nowMs) < 10_000, "capture time is wall time");
      Message next = viewer.next();
      assertEquals(picture.sequence() + 1, next.sequence());
      assertTrue(next.mediaMs() > picture.mediaMs(), "media time moves on");
      picture = next;
    }
    socket.abort();
    Await.until("the viewer forgotten", () -> feed.hub(View.FUSED).viewers() == 0);
  }

  @Test
  void stream_withNewParameterSets_bringsANewInitSegment() throws Exception {
    Client viewer = new Client();
    WebSocket socket = connect("/ws/demo/fused", viewer);
    byte[] before = viewer.next().body();
    feed.replace(View.FUSED, H264Sample.tiny(96, 64, 15));
    Message changed =
        Await.value(
            "a picture with an initialisation segment in front",
            Duration.ofSeconds(20),
            () -> {
              Message message = viewer.next();
              return message.box().equals("ftyp") ? message : null;
            });
    assertTrue(changed.key(), "it comes with a key frame");
    assertEquals(before[0], changed.body()[0]);
    socket.abort();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void viewer_stuck_isClosedAndNobodyElseMissesAPicture(boolean encrypted, @TempDir Path folder)
      throws Exception {
    SSLContext tls = null;
    if (encrypted) {
      TestCertificate made = TestCertificate.make(folder, "dashboard");
      tls = TestCertificate.trusting(made);
      useLargePictures(new ServerCertificate(made.certificate(), made.key(), FrameClock.system()));
    } else {
      useLargePictures(null);
    }
    StreamHub hub = feed.hub(View.FUSED);
    Client healthy = new Client();
    WebSocket socket =
        encrypted
            ? connect(
                "wss", HttpClient.newBuilder().sslContext(tls).build(), "/ws/demo/fused", healthy)
            : connect("/ws/demo/fused", healthy);
    Message last = healthy.next();
    assertEquals(WireFormat.KIND_INIT, last.kind());
    last = healthy.next();
    try (Socket stuck = stuckViewer(tls)) {
      Await.until("both viewers", () -> hub.viewers() == 2);
      long endNs = FrameClock.system().nowNs() + 20_000_000_000L;
      while (hub.viewers() == 2 && FrameClock.system().nowNs() < endNs) {
        Message next = healthy.next();
        assertEquals(last.sequence() + 1, next.sequence());
        last = next;
      }
      assertEquals(1, hub.viewers(), "the stuck viewer is gone");
      assertTrue(hub.reading().dropped() > 0, "its losses are counted");
      // The connection goes too, not only the subscription.
      stuck.setSoTimeout(10_000);
      long left = 0;
      try {
        left = stuck.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (SocketException | SSLException e) {
        // Cut off, without the farewell of TLS.
        assertTrue(
            e instanceof SSLException || String.valueOf(e.getMessage()).contains("reset"),
            e.getMessage());
      }
      // What was under way: send buffer, write queue, receive buffer. Not the seconds it slept.
      assertTrue(left < 3_000_000, left + " bytes were kept for a viewer that read nothing");
    }
    for (int i = 0; i < 10; i++) {
      Message next = healthy.next();
      assertEquals(last.sequence() + 1, next.sequence());
      last = next;
    }
    socket.abort();
  }

  @Test
  void viewers_beyondTheLimit_areRefusedWith503() throws Exception {
    List<WebSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      sockets.add(connect("/ws/demo/fused", new Client()));
    }
    try {
      connect("/ws/demo/fused", new Client());
      throw new AssertionError("the ninth viewer was let in");
    } catch (ExecutionException e) {
      assertTrue(
          e.getCause() instanceof WebSocketHandshakeException refused
              && refused.getResponse().statusCode() == 503,
          String.valueOf(e.getCause()));
    }
    sockets.forEach(WebSocket::abort);
  }

  @Test
  void server_closed_tellsViewersThatItGoes() throws Exception {
    Client viewer = new Client();
    connect("/ws/demo/fused", viewer);
    Message unused = viewer.next();
    server.close();
    assertEquals(1001, viewer.closed.get(10, TimeUnit.SECONDS));
    assertEquals(0, feed.hub(View.FUSED).viewers());
  }

  @Test
  void stream_over_closesTheViewerForARestart() throws Exception {
    Client viewer = new Client();
    connect("/ws/demo/fused", viewer);
    Message unused = viewer.next();
    feed.close();
    assertEquals(1012, viewer.closed.get(10, TimeUnit.SECONDS));
  }

  @Test
  void initSegment_ofEveryViewer_isTheSameStream() throws Exception {
    Client first = new Client();
    Client second = new Client();
    WebSocket a = connect("/ws/demo/fused", first);
    byte[] one = first.next().body();
    WebSocket b = connect("/ws/demo/fused", second);
    byte[] two = second.next().body();
    // Creation times may differ by a second; everything after the movie header does not.
    assertEquals(one.length, two.length);
    assertArrayEquals(
        Arrays.copyOfRange(one, one.length - 300, one.length),
        Arrays.copyOfRange(two, two.length - 300, two.length));
    a.abort();
    b.abort();
  }

  @Test
  void viewers_twoHundredComeAndGo_leaveNoDescriptorsBehind() throws Exception {
    Assumptions.assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fd")), "no /proc to count descriptors in");
    comeAndGo(3);
    long before = descriptors();
    comeAndGo(25);
    Await.until("descriptors as before", () -> descriptors() <= before + 2);
  }

  /** Eight at a time: as many as are let in. */
  private void comeAndGo(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      List<WebSocket> sockets = new ArrayList<>();
      for (int n = 0; n < 8; n++) {
        sockets.add(connect("/ws/demo/fused", new Client()));
      }
      Await.until("eight viewers", () -> feed.hub(View.FUSED).viewers() == 8);
      sockets.forEach(WebSocket::abort);
      Await.until("no viewer left", () -> feed.hub(View.FUSED).viewers() == 0);
    }
  }

  private static long descriptors() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}

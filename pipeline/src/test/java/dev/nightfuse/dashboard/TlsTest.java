package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import dev.nightfuse.testing.LogLines;
import dev.nightfuse.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard behind TLS. */
final class TlsTest {

  private static final String OPERATOR =
      "Basic "
          + Base64.getEncoder()
              .encodeToString("operator:steering-wheel".getBytes(StandardCharsets.US_ASCII));

  @TempDir private Path folder;
  private final HandClock certificateClock = new HandClock();
  private final LogLines log = new LogLines(DashboardServer.class.getName());
  private final LiveFeed feed = LiveFeed.tiny();
  private TestCertificate made;
  private ServerCertificate certificate;
  private DashboardServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    made = TestCertificate.make(folder, "first");
    certificate = new ServerCertificate(made.certificate(), made.key(), certificateClock);
    FakeControls controls = new FakeControls(List.of("demo"));
    server =
        new DashboardServer(
            DashboardSettings.of("127.0.0.1", 0),
            feed,
            new TestStatus(feed, controls),
            () -> "",
            controls,
            FrameClock.system(),
            new Gate(new Passwords("steering-wheel", ""), FrameClock.system()),
            certificate);
    server.start();
    client = client(made);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    feed.close();
    log.close();
  }

  private static HttpClient client(TestCertificate trusted) throws Exception {
    return HttpClient.newBuilder().sslContext(TestCertificate.trusting(trusted)).build();
  }

  private String authority() {
    return "127.0.0.1:" + server.port();
  }

  private HttpResponse<String> get(HttpClient from, String path) throws Exception {
    return from.send(
        HttpRequest.newBuilder(URI.create("https://" + authority() + path))
            .header("Authorization", OPERATOR)
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private WebSocket socket(BlockingQueue<Integer> kinds, String... headers) throws Exception {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return builder
        .buildAsync(
            URI.create("wss://" + authority() + "/ws/demo/fused"),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                kinds.add((int) data.get(0));
                from.request(1);
                return null;
              }
            })
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void page_andVideo_comeEncrypted() throws Exception {
    HttpResponse<String> page = get(client, "/");
    assertEquals(200, page.statusCode());
    assertEquals(HttpClient.Version.HTTP_1_1, page.version());
    assertEquals("TLSv1.3", page.sslSession().orElseThrow().getProtocol());

    BlockingQueue<Integer> kinds = new LinkedBlockingQueue<>();
    WebSocket video = socket(kinds, "Authorization", OPERATOR, "Origin", "https://" + authority());
    for (int expected : new int[] {WireFormat.KIND_INIT, WireFormat.KIND_PICTURE}) {
      assertEquals(expected, kinds.poll(20, TimeUnit.SECONDS));
    }
    video.abort();
  }

  @Test
  void origin_ofAnotherSite_isRefused() {
    ExecutionException refused =
        assertThrows(
            ExecutionException.class,
            () ->
                socket(
                    new LinkedBlockingQueue<>(),
                    "Authorization",
                    OPERATOR,
                    "Origin",
                    "https://evil.example"));
    assertTrue(
        refused.getCause() instanceof WebSocketHandshakeException e
            && e.getResponse().statusCode() == 403,
        String.valueOf(refused.getCause()));
  }

  @Test
  void cookie_isForTlsOnly_andOpensASocket() throws Exception {
    String cookie = get(client, "/").headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(cookie.startsWith("__Host-nightfuse-" + server.port() + "="), cookie);
    assertTrue(cookie.contains("; Path=/; ") && cookie.endsWith("; Secure"), cookie);
    assertFalse(cookie.contains("Domain"), cookie);
    socket(new LinkedBlockingQueue<>(), "Cookie", cookie.split(";", 2)[0]).abort();
  }

  @Test
  void certificate_renewed_isShownToNewConnections_andOldOnesGoOn() throws Exception {
    BlockingQueue<Integer> kinds = new LinkedBlockingQueue<>();
    WebSocket video = socket(kinds, "Authorization", OPERATOR);
    TestCertificate second = TestCertificate.make(folder, "second");
    second.replace(made);
    certificateClock.advance(Duration.ofMinutes(1));
    certificate.tick();
    HttpResponse<String> page = get(client(second), "/");
    assertEquals(
        List.of(second.x509()), List.of(page.sslSession().orElseThrow().getPeerCertificates()));
    assertThrows(SSLException.class, () -> get(client(made), "/"));
    kinds.clear();
    assertEquals(WireFormat.KIND_PICTURE, kinds.poll(20, TimeUnit.SECONDS));
    video.abort();
  }

  @Test
  void requestWithoutTls_isClosed_andLoggedOnceWithoutWhatItHeld() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        plain.setSoTimeout(20_000);
        plain
            .getOutputStream()
            .write(
                "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n"
                    .formatted(OPERATOR)
                    .getBytes(StandardCharsets.US_ASCII));
        assertClosed(plain);
      }
    }
    Await.until("the line", () -> log.count("dashboard asked without TLS") == 1);
    assertEquals(0, log.count("TLS failed"), log.all().toString());
  }

  private static void assertClosed(Socket socket) {
    try {
      while (socket.getInputStream().read() >= 0) {
        // An alert of TLS, perhaps.
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("not closed", e);
    } catch (IOException e) {
      // Reset: closed as well.
    }
  }
}

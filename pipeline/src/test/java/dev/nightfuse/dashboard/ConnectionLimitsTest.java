package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many may connect at a time, over sockets of several addresses of this machine. */
final class ConnectionLimitsTest {

  private static final int NEVER_MS = 3_600_000;
  private static final String UNFINISHED = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n";

  private final LiveFeed feed = LiveFeed.tiny();
  private final List<Socket> sockets = new ArrayList<>();
  private DashboardServer server = server(new ConnectionLimits(5, 3, NEVER_MS, 60_000));

  private DashboardServer server(ConnectionLimits limits) {
    FakeControls controls = new FakeControls(List.of("demo"));
    return new DashboardServer(
        DashboardSettings.of("127.0.0.1", 0),
        limits,
        feed,
        new TestStatus(feed, controls),
        () -> "",
        controls,
        FrameClock.system(),
        new Gate(Passwords.NONE, FrameClock.system()),
        null);
  }

  @AfterEach
  void close() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
    feed.close();
  }

  private Socket connect(String from) throws IOException {
    Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.port(), InetAddress.getByName(from), 0);
    socket.setSoTimeout(30_000);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What comes next: the first line of an answer, or "closed". */
  private static String answer(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    try {
      for (int c = socket.getInputStream().read(); c != '\n'; c = socket.getInputStream().read()) {
        if (c < 0) {
          return "closed";
        }
        line.append((char) c);
      }
    } catch (SocketException e) {
      // Reset: it was closed while we wrote.
      return "closed";
    }
    return line.toString().strip();
  }

  private String ask(String from) throws IOException {
    Socket socket = connect(from);
    try {
      send(socket, UNFINISHED + "\r\n");
    } catch (SocketException e) {
      return "closed";
    }
    return answer(socket);
  }

  private Socket unfinished(String from) throws IOException {
    Socket socket = connect(from);
    send(socket, UNFINISHED);
    return socket;
  }

  @Test
  void connect_tooManyOfOneAddress_isClosedAndOthersAreServed() throws Exception {
    server.start();
    List<Socket> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(unfinished("127.0.0.2"));
    }
    assertEquals("closed", ask("127.0.0.2"));
    assertEquals("HTTP/1.1 200 OK", ask("127.0.0.3"));

    // The ones before are as good as ever, and one that goes makes room.
    send(held.get(0), "\r\n");
    assertEquals("HTTP/1.1 200 OK", answer(held.get(0)));
    held.get(1).close();
    Await.until("room", () -> ask("127.0.0.2").equals("HTTP/1.1 200 OK"));
  }

  @Test
  void connect_tooManyTogether_isClosed() throws Exception {
    server.start();
    Socket first = unfinished("127.0.0.2");
    for (int i = 0; i < 4; i++) {
      unfinished("127.0.0." + (3 + i));
    }
    assertEquals("closed", ask("127.0.0.9"));
    first.close();
    Await.until("room", () -> ask("127.0.0.9").equals("HTTP/1.1 200 OK"));
  }

  @Test
  void webSocket_closed_makesRoom() throws Exception {
    server.start();
    List<Socket> held = new ArrayList<>();
    for (String path : List.of("/ws/status", "/ws/demo/fused", "/ws/demo/infrared")) {
      Socket socket = connect("127.0.0.2");
      send(socket, Handshake.request(path, ""));
      assertEquals("HTTP/1.1 101 Switching Protocols", answer(socket));
      held.add(socket);
    }
    assertEquals("closed", ask("127.0.0.2"));
    for (Socket socket : held) {
      socket.close();
      Await.until("room", () -> ask("127.0.0.2").equals("HTTP/1.1 200 OK"));
    }
  }

  @Test
  void firstRequest_doesNotEnd_isClosed_andOneThatEndedStays() throws Exception {
    server = server(new ConnectionLimits(5, 5, 3_000, 60_000));
    server.start();
    Socket asked = connect("127.0.0.2");
    send(asked, UNFINISHED + "\r\n");
    assertEquals("HTTP/1.1 200 OK", answer(asked));
    Socket watching = connect("127.0.0.2");
    send(watching, Handshake.request("/ws/status", ""));
    assertEquals("HTTP/1.1 101 Switching Protocols", answer(watching));

    Socket silent = connect("127.0.0.2");
    Socket halfAHead = unfinished("127.0.0.2");
    Socket halfABody = connect("127.0.0.2");
    send(
        halfABody,
        "PUT /api/v1/rigs/demo/palette HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    for (Socket late : List.of(silent, halfAHead, halfABody)) {
      assertEquals("closed", answer(late));
    }

    // These were older than the ones that were closed.
    send(asked, UNFINISHED + "\r\n");
    String line = "";
    while (!line.endsWith("HTTP/1.1 200 OK")) {
      line = answer(asked);
      assertNotEquals("closed", line);
    }
    assertEquals(2_000, watching.getInputStream().readNBytes(2_000).length);
  }
}

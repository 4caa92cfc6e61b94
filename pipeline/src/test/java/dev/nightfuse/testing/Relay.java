package dev.nightfuse.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A network between clients and a server of this machine that can lose connections as a pulled
 * cable does: no byte arrives any more, and neither side is told. A lost connection stays lost;
 * once the network is back, whoever sends on one is told.
 */
public final class Relay implements AutoCloseable {

  /** Begins every request. */
  public static final String ALL = "";

  private static final String NONE = "\0";

  private final ServerSocket listener;
  private final int serverPort;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private volatile String losing = NONE;

  /** One connection through the network. */
  private static final class Link {
    private volatile boolean lost;
  }

  public Relay(int serverPort) throws IOException {
    this.serverPort = serverPort;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Loses all connections that there are, and those to come until {@link #mend}. */
  public void cut() {
    lose(ALL);
    links.forEach(link -> link.lost = true);
  }

  /** Loses connections on which a request comes that begins so, until {@link #mend}. */
  public void lose(String requestStart) {
    losing = requestStart;
  }

  /** Loses no more connections. */
  public void mend() {
    losing = NONE;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.addAll(List.of(client, server));
        Link link = new Link();
        links.add(link);
        start(() -> pass(client, server, link));
        start(() -> pass(server, client, link));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket from, Socket to, Link link) {
    byte[] part = new byte[65_536];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        String text = new String(part, 0, count, StandardCharsets.ISO_8859_1);
        link.lost |= text.startsWith(losing);
        if (!link.lost) {
          out.write(part, 0, count);
        } else if (losing.equals(NONE)) {
          from.setSoLinger(true, 0);
          from.close();
          return;
        }
      }
    } catch (IOException e) {
      // One side has gone; the other is told below.
    }
    if (!link.lost) {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(Relay::close);
  }
}

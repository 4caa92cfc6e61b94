package dev.nightfuse.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A viewer for benchmarks: plays a stream over RTSP and TCP (RFC 2326) and throws the pictures
 * away.
 */
final class BenchViewer implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  private final Thread thread;
  private final AtomicLong received = new AtomicLong();
  private int sequence;

  BenchViewer(int port, String path) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    try {
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      String url = "rtsp://127.0.0.1:%d/%s".formatted(port, path);
      request("DESCRIBE", url, "Accept: application/sdp\r\n");
      String setup =
          request(
              "SETUP", url + "/trackID=0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n");
      request("PLAY", url, "Session: %s\r\n".formatted(header(setup, "Session").split(";", 2)[0]));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    thread = new Thread(this::discard, "bench-viewer");
    thread.setDaemon(true);
    thread.start();
  }

  private String request(String method, String url, String headers) throws IOException {
    String request =
        "%s %s RTSP/1.0\r\nCSeq: %d\r\n%s\r\n".formatted(method, url, ++sequence, headers);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the server closed the connection after " + method);
      }
      head.write(next);
    }
    String answer = head.toString(StandardCharsets.US_ASCII);
    if (!answer.startsWith("RTSP/1.0 200")) {
      throw new IOException(method + " was answered with " + answer.lines().findFirst().orElse(""));
    }
    String length = header(answer, "Content-Length");
    if (!length.isEmpty()) {
      in.skipNBytes(Integer.parseInt(length));
    }
    return answer;
  }

  private static String header(String answer, String name) {
    return answer
        .lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private void discard() {
    byte[] buffer = new byte[1 << 16];
    try {
      for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
        received.addAndGet(bytes);
      }
    } catch (IOException e) {
      // Closed: the benchmark is over.
    }
  }

  /** Lets the stream run for a while; fails when nothing comes. */
  void checkPlaying(int seconds) throws IOException, InterruptedException {
    TimeUnit.SECONDS.sleep(seconds);
    if (received.get() == 0) {
      throw new IOException("no pictures came within %d s".formatted(seconds));
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    try {
      thread.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

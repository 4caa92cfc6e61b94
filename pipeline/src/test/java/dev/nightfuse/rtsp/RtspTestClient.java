package dev.nightfuse.rtsp;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An RTSP client that says exactly what a test tells it to, also when that is wrong. */
final class RtspTestClient implements AutoCloseable {
  private static final int READ_TIMEOUT_MS = 15_000;

  private final Socket socket;
  private final DataInputStream in;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private int cseq;

  record Response(int status, Map<String, String> headers, String body) {

    String header(String name) {
      String value = headers.get(name.toLowerCase(Locale.ROOT));
      if (value == null) {
        throw new AssertionError("no header " + name + " in " + this);
      }
      return value;
    }

    boolean has(String name) {
      return headers.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** The session id without its parameters. */
    String session() {
      return header("Session").split(";", -1)[0];
    }

    /** Value of a parameter such as {@code ssrc} of the Transport header. */
    String transport(String name) {
      return parameter(header("Transport"), name);
    }

    String rtpInfo(String name) {
      return parameter(header("RTP-Info"), name);
    }

    private static String parameter(String header, String name) {
      for (String part : header.split(";", -1)) {
        if (part.startsWith(name + '=')) {
          return part.substring(name.length() + 1);
        }
      }
      throw new AssertionError("no " + name + " in " + header);
    }
  }

  record Frame(int channel, byte[] payload) {}

  RtspTestClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBufferBytes 0 for the system's choice
   */
  RtspTestClient(int port, int receiveBufferBytes) throws IOException {
    this(port, receiveBufferBytes, null);
  }

  /**
   * @param tls speaks TLS with it; null speaks none
   */
  RtspTestClient(int port, int receiveBufferBytes, @Nullable SSLContext tls) throws IOException {
    Socket plain = new Socket();
    if (receiveBufferBytes > 0) {
      plain.setReceiveBufferSize(receiveBufferBytes);
    }
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    plain.setSoTimeout(READ_TIMEOUT_MS);
    plain.setTcpNoDelay(true);
    socket =
        tls == null ? plain : tls.getSocketFactory().createSocket(plain, "localhost", port, true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Sends a request with the next CSeq and reads its answer; frames before it are kept. */
  Response request(String method, String url, String... headers) throws IOException {
    cseq++;
    StringBuilder text =
        new StringBuilder(method + ' ' + url + " RTSP/1.0\r\nCSeq: " + cseq + "\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    send(text + "\r\n");
    Response response = readResponse();
    if (!String.valueOf(cseq).equals(response.headers().get("cseq"))) {
      throw new AssertionError("answer to another request than " + cseq + ": " + response);
    }
    return response;
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void sendFrame(int channel, byte[] payload) throws IOException {
    byte[] frame = new byte[4 + payload.length];
    frame[0] = '$';
    frame[1] = (byte) channel;
    frame[2] = (byte) (payload.length >> 8);
    frame[3] = (byte) payload.length;
    System.arraycopy(payload, 0, frame, 4, payload.length);
    send(frame);
  }

  Response readResponse() throws IOException {
    String line = nextLineAfterFrames();
    String[] start = line.split(" ", 3);
    if (start.length != 3 || !start[0].equals("RTSP/1.0")) {
      throw new AssertionError("no status line: " + line);
    }
    Map<String, String> headers = new TreeMap<>();
    for (line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = new byte[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
    in.readFully(body);
    return new Response(
        Integer.parseInt(start[1]), headers, new String(body, StandardCharsets.UTF_8));
  }

  /** The next interleaved frame. */
  Frame readFrame() throws IOException {
    Frame kept = frames.poll();
    if (kept != null) {
      return kept;
    }
    int first = in.readUnsignedByte();
    if (first != '$') {
      throw new AssertionError("no frame but byte " + first);
    }
    return frameAfterDollar();
  }

  /** The next frame of one channel; others are skipped. */
  Frame readFrame(int channel) throws IOException {
    Frame frame = readFrame();
    while (frame.channel() != channel) {
      frame = readFrame();
    }
    return frame;
  }

  /** Reads until the server closes the connection and tells whether it did in time. */
  boolean closedByServer() throws IOException {
    try {
      while (in.read() >= 0) {
        // What was on its way is of no interest.
      }
      return true;
    } catch (SocketException e) {
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    }
  }

  private String nextLineAfterFrames() throws IOException {
    int first = in.readUnsignedByte();
    while (first == '$') {
      frames.add(frameAfterDollar());
      first = in.readUnsignedByte();
    }
    return (char) first + readLine();
  }

  private Frame frameAfterDollar() throws IOException {
    int channel = in.readUnsignedByte();
    byte[] payload = new byte[in.readUnsignedShort()];
    in.readFully(payload);
    return new Frame(channel, payload);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("connection closed within an answer: " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Before the handshake of a client with TLS. */
  void onlyTls(String version) {
    ((SSLSocket) socket).setEnabledProtocols(new String[] {version});
  }

  /** Of a client with TLS; does the handshake where it was not yet. */
  Certificate serverCertificate() throws IOException {
    return ((SSLSocket) socket).getSession().getPeerCertificates()[0];
  }

  @Nullable InetSocketAddress localAddress() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Closes with a reset instead of an orderly end. */
  void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

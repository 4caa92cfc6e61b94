package dev.nightfuse.dashboard;

/** The opening of a WebSocket, byte by byte, for clients that no library would let us be. */
final class Handshake {

  private Handshake() {}

  /** {@code header} is one further line, or "". */
  static String request(String path, String header) {
    String lines =
        String.join(
            "\r\n",
            "GET " + path + " HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    return lines + "\r\n" + (header.isEmpty() ? "" : header + "\r\n") + "\r\n";
  }
}

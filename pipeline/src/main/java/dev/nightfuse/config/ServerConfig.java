package dev.nightfuse.config;

/**
 * Where viewers connect.
 *
 * @param rtsp the RTSP server
 * @param dashboard the dashboard, its WebSocket streams, status and metrics
 */
public record ServerConfig(Endpoint rtsp, Endpoint dashboard) {

  /**
   * One listening address.
   *
   * @param bind address of the interface to listen on; {@code 0.0.0.0} for all
   * @param port TCP port, or 0 for any free one
   */
  public record Endpoint(String bind, int port) {}
}

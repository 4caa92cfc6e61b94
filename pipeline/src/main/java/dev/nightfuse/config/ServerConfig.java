package dev.nightfuse.config;

import dev.nightfuse.access.Passwords;
import java.util.List;

/**
 * Where viewers connect.
 *
 * @param rtsp the RTSP server
 * @param dashboard the dashboard, its WebSocket streams, status and metrics
 * @param names host names of the dashboard besides those that no foreign site can own
 * @param passwords what both ask for
 */
public record ServerConfig(
    Endpoint rtsp, Endpoint dashboard, List<String> names, Passwords passwords) {

  public ServerConfig {
    names = List.copyOf(names);
  }

  /** The same at other addresses. */
  public ServerConfig at(Endpoint newRtsp, Endpoint newDashboard) {
    return new ServerConfig(newRtsp, newDashboard, names, passwords);
  }

  /**
   * One listening address.
   *
   * @param bind address of the interface to listen on; {@code 0.0.0.0} for all
   * @param port TCP port, or 0 for any free one
   */
  public record Endpoint(String bind, int port) {}
}

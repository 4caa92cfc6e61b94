package dev.nightfuse.config;

import dev.nightfuse.access.Passwords;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where viewers connect.
 *
 * @param rtsp the RTSP server
 * @param dashboard the dashboard, its WebSocket streams, status and metrics
 * @param names host names of the dashboard besides those that no foreign site can own
 * @param passwords what both ask for
 * @param tls with which certificate they speak TLS; null when they do not
 */
public record ServerConfig(
    Endpoint rtsp, Endpoint dashboard, List<String> names, Passwords passwords, @Nullable Tls tls) {

  public ServerConfig {
    names = List.copyOf(names);
  }

  /** The same at other addresses. */
  public ServerConfig at(Endpoint newRtsp, Endpoint newDashboard) {
    return new ServerConfig(newRtsp, newDashboard, names, passwords, tls);
  }

  /**
   * One listening address.
   *
   * @param bind address of the interface to listen on; {@code 0.0.0.0} for all
   * @param port TCP port, or 0 for any free one
   */
  public record Endpoint(String bind, int port) {}

  /**
   * Where the certificate is.
   *
   * @param certificate PEM file of the server's certificate and those that vouch for it
   * @param key PEM file of its private key
   * @param rtsp whether the RTSP server speaks TLS as well; the dashboard does
   */
  public record Tls(Path certificate, Path key, boolean rtsp) {}
}

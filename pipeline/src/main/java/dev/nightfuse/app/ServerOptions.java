package dev.nightfuse.app;

import dev.nightfuse.config.NightfuseConfig;
import dev.nightfuse.config.ServerConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Ports on the command line, over those of the configuration. */
final class ServerOptions {

  @Option(
      names = "--rtsp-port",
      paramLabel = "PORT",
      description = "TCP port of the RTSP server; 0 for any free one.")
  private @Nullable Integer rtspPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = "TCP port of the dashboard; 0 for any free one.")
  private @Nullable Integer httpPort;

  NightfuseConfig applyTo(NightfuseConfig config) throws UserErrorException {
    ServerConfig server = config.server();
    return config.withServer(
        server.at(with(server.rtsp(), rtspPort), with(server.dashboard(), httpPort)));
  }

  private static ServerConfig.Endpoint with(ServerConfig.Endpoint endpoint, @Nullable Integer port)
      throws UserErrorException {
    if (port == null) {
      return endpoint;
    }
    if (port < 0 || port > 65_535) {
      throw new UserErrorException(
          ExitCode.USAGE, "port %d: 0 to 65535 are allowed".formatted(port));
    }
    return new ServerConfig.Endpoint(endpoint.bind(), port);
  }
}

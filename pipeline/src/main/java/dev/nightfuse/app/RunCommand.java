package dev.nightfuse.app;

import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.NightfuseConfig;
import dev.nightfuse.config.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nightfuse run}: the service. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {"Runs the rigs of a configuration until it is told to end (Ctrl-C, SIGTERM)."},
    footer = {"", "  nightfuse run -c /etc/nightfuse/nightfuse.yaml"})
final class RunCommand implements Callable<Integer> {

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "Configuration; configs/default.yaml explains every key.")
  private Path config;

  @Mixin private final ServerOptions servers = new ServerOptions();

  @Override
  public Integer call() throws Exception {
    NightfuseConfig loaded = servers.applyTo(ConfigLoader.load(config));
    Service.run(loaded, null);
    return ExitCode.OK;
  }

  /** Starts what a configuration describes and says where it can be seen. */
  static final class Service {

    private Service() {}

    static void run(NightfuseConfig config, @Nullable String greeting) throws Exception {
      dev.nightfuse.telemetry.LogLevel.set(config.telemetry().logLevel());
      Nightfuse nightfuse = new Nightfuse(config, Places.of(System.getenv()));
      Foreground.run(
          nightfuse, () -> System.out.println(announcement(nightfuse, config.server(), greeting)));
    }

    private static String announcement(
        Nightfuse nightfuse, ServerConfig servers, @Nullable String greeting) {
      List<ReachableHosts.Card> cards = ReachableHosts.cards();
      ServerConfig.Tls tls = servers.tls();
      return StartMessage.text(
          greeting,
          new StartMessage.Server(
              tls == null ? "http" : "https",
              ReachableHosts.of(servers.dashboard().bind(), cards),
              nightfuse.dashboardPort()),
          new StartMessage.Server(
              tls == null || !tls.rtsp() ? "rtsp" : "rtsps",
              ReachableHosts.of(servers.rtsp().bind(), cards),
              nightfuse.rtspPort()),
          nightfuse.rigs().stream().map(LiveRig::name).toList());
    }
  }
}

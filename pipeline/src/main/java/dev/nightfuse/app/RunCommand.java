package dev.nightfuse.app;

import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.NightfuseConfig;
import java.nio.file.Path;
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
      Foreground.run(nightfuse, () -> announce(nightfuse, greeting));
    }

    private static void announce(Nightfuse nightfuse, @Nullable String greeting) {
      StringBuilder text = new StringBuilder(System.lineSeparator());
      if (greeting != null) {
        text.append(greeting).append(System.lineSeparator());
      }
      text.append("  dashboard  http://localhost:%d/%n".formatted(nightfuse.dashboardPort()));
      for (LiveRig rig : nightfuse.rigs()) {
        text.append(
            "  stream     rtsp://localhost:%d/%s/fused   (also overlay, visible, infrared, side-by-side)%n"
                .formatted(nightfuse.rtspPort(), rig.name()));
      }
      text.append("  Ctrl-C ends it.").append(System.lineSeparator());
      System.out.println(text);
    }
  }
}

package dev.nightfuse.app;

import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.NightfuseConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nightfuse demo}: the whole way of a frame on simulated cameras. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "A simulated night drive, fused live: open the dashboard, or play the stream.",
      "",
      "The same as 'run' with configs/demo.yaml."
    })
final class DemoCommand implements Callable<Integer> {

  @Mixin private final ServerOptions servers = new ServerOptions();

  @Override
  public Integer call() throws Exception {
    NightfuseConfig config = ConfigLoader.load(Places.of(System.getenv()).config("demo.yaml"));
    RunCommand.Service.run(servers.applyTo(config), "Nightfuse is fusing a simulated night drive.");
    return ExitCode.OK;
  }
}

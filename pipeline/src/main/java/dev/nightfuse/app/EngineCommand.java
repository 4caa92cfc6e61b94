package dev.nightfuse.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nightfuse engine}: plans of the GPU backend. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Builds, lists, measures and removes TensorRT plans, and tests a GPU.",
    subcommands = {
      EngineCommandBuild.class,
      EngineCommandList.class,
      EngineCommandBench.class,
      EngineCommandClean.class,
      EngineCommandSelfTest.class
    },
    footer = {
      "",
      "  nightfuse engine build models/mafs --batch 2    before a robot's first drive",
      "  nightfuse engine selftest                       everything, with a report in JSON"
    })
final class EngineCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(System.out);
    return ExitCode.USAGE;
  }
}

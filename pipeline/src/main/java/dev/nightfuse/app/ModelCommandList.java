package dev.nightfuse.app;

import dev.nightfuse.engine.model.Network;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nightfuse model list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists built-in models, and networks whose checkpoints can be imported.")
final class ModelCommandList implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Built in, ready to use:");
    for (String model : Nightfuse.models(Places.of(System.getenv())).builtIn()) {
      out.printf("  %s%n", model);
    }
    out.println();
    out.println("To import (bring the checkpoint; nothing is shipped or downloaded):");
    for (Network network : Network.values()) {
      out.printf("  %-16s %s%n", network.id(), network.summary());
      out.printf("  %-16s weights: %s%n", "", network.licence());
    }
    return ExitCode.OK;
  }
}

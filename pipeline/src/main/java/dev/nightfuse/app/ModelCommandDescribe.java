package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.model.Network;
import dev.nightfuse.engine.model.NetworkReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nightfuse model describe}. */
@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description =
        "Prints a network module by module: shape, parameters, multiply-adds, and the paper's figures.")
final class ModelCommandDescribe implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NETWORK", description = "See nightfuse model list.")
  private String network;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Network wanted;
    try {
      wanted = Network.byId(network);
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
    NetworkReport.of(wanted).lines().forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }
}

package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.model.Accuracy;
import dev.nightfuse.engine.model.ModelCheck;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nightfuse model diff}. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = "Runs two models of one picture size on the same pairs and says how they differ.")
final class ModelCommandDiff implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "A", description = "A model folder.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "Another.")
  private Path second;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Accuracy difference;
    try {
      difference = ModelCheck.difference(first, second, ModelRuntime.cpu());
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
    spec.commandLine()
        .getOut()
        .println(difference.exact() ? "the same outputs on the formula pairs" : difference);
    return ExitCode.OK;
  }
}

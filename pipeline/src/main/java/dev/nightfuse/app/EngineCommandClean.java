package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.tensorrt.TensorRtTools;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nightfuse engine clean}. */
@Command(
    name = "clean",
    mixinStandardHelpOptions = true,
    description = "Removes TensorRT plans that this machine cannot use any more.")
final class EngineCommandClean implements Callable<Integer> {

  @Option(names = "--all", description = "Removes all plans.")
  private boolean all;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<String> removed;
    try {
      removed = new TensorRtTools(Nightfuse.tensorRt()).clean(all);
    } catch (EngineException e) {
      throw new UserErrorException(
          ExitCode.UNAVAILABLE,
          "%s; which plans are of no use cannot be told then, --all removes all"
              .formatted(e.getMessage()));
    } catch (IOException e) {
      throw new UserErrorException(ExitCode.CANNOT_CREATE, "plans cannot be removed: " + e);
    }
    PrintWriter out = spec.commandLine().getOut();
    removed.forEach(name -> out.println("removed " + name));
    out.printf("%d plans removed%n", removed.size());
    out.flush();
    return ExitCode.OK;
  }
}

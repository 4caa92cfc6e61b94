package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.tensorrt.TensorRtTools;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nightfuse engine build}. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = "Builds a model's TensorRT plan for this machine, and compares it with FP32.")
final class EngineCommandBuild implements Callable<Integer> {

  @Mixin private EngineModel model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "Rigs that will share the engine, 1 to 64. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ModelFile file = model.resolve();
    TensorRtTools.Outcome outcome;
    try (EngineProgress progress = new EngineProgress(file.manifest().name())) {
      outcome =
          new TensorRtTools(Nightfuse.tensorRt())
              .run(file, model.options(file, batch), List.of(), 0, progress);
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
    boolean passed = outcome.check().passed();
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d MiB, built in %d s%n%s: %s%n",
            outcome.plan().file(),
            outcome.plan().sizeBytes() >> 20,
            outcome.plan().buildSeconds(),
            passed ? "good" : "NOT good, this engine will be refused",
            outcome.check());
    return passed ? ExitCode.OK : ExitCode.FAILED;
  }
}

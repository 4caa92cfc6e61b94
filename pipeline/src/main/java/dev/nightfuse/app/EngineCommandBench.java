package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.tensorrt.EngineFigures;
import dev.nightfuse.engine.tensorrt.TensorRtTools;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nightfuse engine bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures a model on the GPU alone, without cameras and encoders.")
final class EngineCommandBench implements Callable<Integer> {

  @Mixin private EngineModel model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,4,8",
      description = "Batch sizes, 1 to 64. Default: ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Length for each batch size. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ModelFile file = model.resolve();
    TensorRtTools.Outcome outcome;
    try (EngineProgress progress = new EngineProgress(file.manifest().name())) {
      outcome =
          new TensorRtTools(Nightfuse.tensorRt())
              .run(file, model.options(file, Collections.max(batches)), batches, seconds, progress);
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s%n%s%n", outcome.plan().file(), outcome.check());
    out.printf(
        "%6s %12s %16s %10s %14s%n", "batch", "frames/s", "GPU ms/frame", "TFLOPS", "of peak");
    for (EngineFigures f : outcome.figures()) {
      out.printf(
          "%6d %12.1f %16.3f %10.2f %13.1f%%%n",
          f.batch(), f.framesPerSecond(), f.gpuMsPerFrame(), f.tflops(), 100 * f.shareOfPeak());
    }
    out.flush();
    return ExitCode.OK;
  }
}

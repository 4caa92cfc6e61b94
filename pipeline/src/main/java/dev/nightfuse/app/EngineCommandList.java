package dev.nightfuse.app;

import dev.nightfuse.engine.tensorrt.TensorRtTools;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nightfuse engine list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the TensorRT plans that were built, and what they are for.")
final class EngineCommandList implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<TensorRtTools.Plan> plans = new TensorRtTools(Nightfuse.tensorRt()).plans();
    out.printf("%d plans in %s%n", plans.size(), Places.of(System.getenv()).plans());
    for (TensorRtTools.Plan plan : plans) {
      out.printf(
          "  %s%n    %s, %s, batches to %s, on %s, TensorRT %s; %d MiB, built in %d s%n",
          plan.file(),
          plan.facts().get("size"),
          plan.facts().get("precision"),
          plan.facts().get("max_batch"),
          plan.facts().get("gpu"),
          plan.facts().get("tensorrt"),
          plan.sizeBytes() >> 20,
          plan.buildSeconds());
    }
    out.flush();
    return ExitCode.OK;
  }
}

package dev.nightfuse.app;

import dev.nightfuse.engine.ort.OrtProvider;
import dev.nightfuse.engine.tensorrt.TensorRtProvider;
import dev.nightfuse.engine.tensorrt.TensorRtTools;
import dev.nightfuse.frame.FrameClock;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nightfuse engine selftest}. */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    description = {
      "Tests this machine's GPU and writes one report: whether TensorRT works, whether every model computes what it does"
          + " in FP32, how fast each is alone and in the program.",
      "",
      "Needs no checkpoint, no camera and no GStreamer; networks run with weights by formula. The first run builds all"
          + " plans and takes tens of minutes with the largest networks."
    })
final class EngineCommandSelfTest implements Callable<Integer> {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "nightfuse-selftest.json",
      description = "The report. Default: ${DEFAULT-VALUE}.")
  private Path output;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "Networks, NETWORK-fusion, or model folders. Default: all networks that fuse.")
  private @Nullable List<String> models;

  @Option(names = "--list-models", description = "Names the models of --models' default.")
  private boolean listModels;

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,4,8",
      description = "Batch sizes. Default: ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Length of each measurement. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--width", paramLabel = "PX", defaultValue = "640", description = "Default: 640.")
  private int width;

  @Option(
      names = "--height",
      paramLabel = "PX",
      defaultValue = "480",
      description = "Default: 480.")
  private int height;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (listModels) {
      spec.commandLine().getOut().println(String.join(",", SelfTestModels.usual()));
      return ExitCode.OK;
    }
    OutputFile.requireWritable(output);
    TensorRtProvider provider = Nightfuse.tensorRt();
    SelfTest.Plan plan =
        new SelfTest.Plan(
            new SelfTestModels(
                models == null ? SelfTestModels.usual() : models,
                width,
                height,
                Places.of(System.getenv()).models().resolve("selftest"),
                new OrtProvider()),
            batches,
            seconds);
    SelfTest test =
        new SelfTest(
            plan,
            provider,
            new TensorRtTools(provider),
            TorchComparison.ofThisProgram(),
            FrameClock.system(),
            spec.commandLine().getOut());
    SelfTest.Ending ending = test.run();
    BenchCommand.write(output, test.report());
    spec.commandLine().getOut().printf("%s; report in %s%n", test.report().get("reason"), output);
    spec.commandLine().getOut().flush();
    return switch (ending) {
      case PASSED -> ExitCode.OK;
      case FAILED -> ExitCode.FAILED;
      case NOT_RUN -> ExitCode.UNAVAILABLE;
    };
  }
}

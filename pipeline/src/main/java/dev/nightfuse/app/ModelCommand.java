package dev.nightfuse.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nightfuse model}: networks, checkpoints and model folders. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Makes models of published checkpoints, describes and checks them.",
    subcommands = {
      ModelCommandList.class,
      ModelCommandImport.class,
      ModelCommandCalibrate.class,
      ModelCommandDescribe.class,
      ModelCommandVerify.class,
      ModelCommandDiff.class
    },
    footer = {
      "",
      "  nightfuse model import seafusion SeAFusion.pth -o models/seafusion --size 640x480",
      "  nightfuse fuse visible.png infrared.png -o fused.png --model models/seafusion"
    })
final class ModelCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(System.out);
    return ExitCode.USAGE;
  }
}

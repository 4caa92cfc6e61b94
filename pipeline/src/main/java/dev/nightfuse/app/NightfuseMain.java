package dev.nightfuse.app;

import dev.nightfuse.access.TlsException;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.config.ConfigException;
import dev.nightfuse.engine.EngineException;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/**
 * The command line. A user's mistake ends in one clear message and an exit code, never in a stack
 * trace.
 */
@Command(
    name = "nightfuse",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Real-time thermal and visible video fusion.",
      "",
      "Two cameras in, one fused stream out: over RTSP, to a live dashboard, and into recordings."
    },
    footer = {
      "",
      "Start here:",
      "  nightfuse demo                              the whole way, on simulated cameras",
      "  nightfuse run -c configs/default.yaml       your own cameras",
      "  nightfuse fuse visible.mp4 thermal.mp4 -o fused.mp4",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong command line, 66 input not readable,",
      "69 something configured is not available, 73 output not writable, 78 bad configuration."
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      FuseCommand.class,
      InspectCommand.class,
      CalibrateCommand.class,
      RecordCommand.class,
      BenchCommand.class,
      ModelCommand.class,
      EngineCommand.class,
      EvaluateCommand.class,
      SimulateCommand.class,
      StabilityCommand.class,
      GenerateCompletion.class,
      CommandLine.HelpCommand.class
    })
public final class NightfuseMain {

  private NightfuseMain() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command and returns its exit code; {@link #main} without the exit. */
  static int run(String... args) {
    CommandLine commandLine = commandLine();
    if (args.length == 0) {
      commandLine.usage(System.out);
      return ExitCode.USAGE;
    }
    return commandLine.execute(args);
  }

  /** The commands, their options, their help. */
  static CommandLine commandLine() {
    return new CommandLine(new NightfuseMain())
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(NightfuseMain::explain);
  }

  private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
    int exitCode = exitCodeOf(failure);
    if (exitCode == ExitCode.FAILED && !(failure instanceof UserErrorException)) {
      // Not a user's mistake: the stack trace goes to the log for whoever mends it.
      LoggerFactory.getLogger(NightfuseMain.class).error("unexpected failure", failure);
    }
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    command.getErr().println("nightfuse: " + text);
    return exitCode;
  }

  private static int exitCodeOf(Exception failure) {
    if (failure instanceof UserErrorException userError) {
      return userError.exitCode();
    }
    if (failure instanceof ConfigException) {
      return ExitCode.CONFIG;
    }
    if (failure instanceof CameraException || failure instanceof TlsException) {
      return ExitCode.NO_INPUT;
    }
    if (failure instanceof EngineException) {
      return ExitCode.UNAVAILABLE;
    }
    return ExitCode.FAILED;
  }
}

package dev.nightfuse.stream;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs of the machine that judge our output: ffprobe, ffmpeg, gst-launch-1.0. */
public final class ExternalTool {

  private ExternalTool() {}

  /** Exit code and everything the program printed. */
  public record Result(int exitCode, String output) {}

  /** Skips the test, with a reason, where the program is not installed. */
  public static void require(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (new File(folder, program).canExecute()) {
        return;
      }
    }
    Assumptions.abort(program + " is not installed");
  }

  public static Result run(String... command) throws IOException, InterruptedException {
    return run(List.of(command));
  }

  public static Result run(List<String> command) throws IOException, InterruptedException {
    require(command.get(0));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 60 s: " + command);
    }
    return new Result(process.exitValue(), output.trim());
  }
}

package dev.nightfuse.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command run in this process: its exit code, and all that it said. */
final class CommandRun {

  private final StringWriter out = new StringWriter();

  /** Failures that are not a user's mistake give -1, and their message. */
  int run(Object command, String... args) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(out, true))
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              out.append(failure.getMessage());
              return failure instanceof UserErrorException user ? user.exitCode() : -1;
            })
        .execute(args);
  }

  /** Of all runs so far. */
  @Override
  public String toString() {
    return out.toString();
  }
}

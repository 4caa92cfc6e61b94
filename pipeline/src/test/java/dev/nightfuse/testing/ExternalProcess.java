package dev.nightfuse.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Another program: ffprobe, ffmpeg, gst-launch-1.0, a second JVM. Its output is kept and can be
 * read while it runs; it is ended with the test whatever happens.
 */
public final class ExternalProcess implements AutoCloseable {

  private static final int USUAL_S = 60;

  private final Process process;
  private final Output out;
  private final Output err;

  /** Exit code and everything the program printed. */
  public record Result(int exitCode, byte[] stdout, String stderr) {

    public String text() {
      return new String(stdout, StandardCharsets.UTF_8);
    }

    /** Standard output, then standard error, without the white space around. */
    public String output() {
      return (text() + stderr).trim();
    }

    @Override
    public String toString() {
      return "exit code " + exitCode + ": " + output();
    }
  }

  private ExternalProcess(ProcessBuilder builder) throws IOException {
    process = builder.start();
    process.getOutputStream().close();
    out = new Output(process.getInputStream());
    err = new Output(process.getErrorStream());
  }

  public static ExternalProcess start(ProcessBuilder builder) throws IOException {
    return new ExternalProcess(builder);
  }

  public static ExternalProcess start(String... command) throws IOException {
    return start(new ProcessBuilder(command));
  }

  public static Result run(String... command) throws IOException, InterruptedException {
    return run(USUAL_S, command);
  }

  /** Runs to the end or, after {@code timeoutS}, to a kill, which fails. */
  public static Result run(int timeoutS, String... command)
      throws IOException, InterruptedException {
    require(command[0]);
    try (ExternalProcess process = start(command)) {
      return process.await(timeoutS);
    }
  }

  /** Skips the test, with a reason, where the program is not installed. */
  public static void require(String program) {
    boolean found =
        program.startsWith("/")
            ? Files.isExecutable(Path.of(program))
            : List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    Assumptions.assumeTrue(found, program + " is not installed");
  }

  public Result await(int timeoutS) throws InterruptedException {
    if (!process.waitFor(timeoutS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "still running after " + timeoutS + " s: " + out.text() + err.text());
    }
    out.join();
    err.join();
    return new Result(process.exitValue(), out.bytes(), err.text());
  }

  /** What it wrote to standard output until now. */
  public String stdoutNow() {
    return out.text();
  }

  /** What it wrote to standard error until now. */
  public String stderrNow() {
    return err.text();
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  public void killNow() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads a stream on a thread of its own, so that the program never waits for the test. */
  private static final class Output {

    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Output(InputStream in) {
      this.in = in;
      thread = new Thread(this::read, "process-output");
      thread.setDaemon(true);
      thread.start();
    }

    private void read() {
      byte[] part = new byte[8_192];
      try (in) {
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
          bytes.write(part, 0, count);
        }
      } catch (IOException e) {
        // Killed while it wrote; what came before is what there is.
      }
    }

    void join() throws InterruptedException {
      // A grandchild may keep the stream open.
      thread.join(5_000);
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}

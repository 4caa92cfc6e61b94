package dev.nightfuse.rtsp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Another program, its output kept, ended with the test whatever happens. */
final class ExternalProcess implements AutoCloseable {
  private final Process process;
  private final CompletableFuture<byte[]> out;
  private final CompletableFuture<byte[]> err;

  record Result(int exitCode, byte[] stdout, String stderr) {
    String text() {
      return new String(stdout, StandardCharsets.UTF_8);
    }
  }

  private ExternalProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.PIPE).start();
    process.getOutputStream().close();
    out = reader(process.getInputStream());
    err = reader(process.getErrorStream());
  }

  static ExternalProcess start(String... command) throws IOException {
    return new ExternalProcess(List.of(command));
  }

  /** Runs to the end or, after {@code timeoutS}, to a kill, which fails. */
  static Result run(int timeoutS, String... command) throws IOException, InterruptedException {
    try (ExternalProcess process = start(command)) {
      return process.await(timeoutS);
    }
  }

  Result await(int timeoutS) throws InterruptedException {
    if (!process.waitFor(timeoutS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "still running after "
              + timeoutS
              + " s: "
              + new String(err.join(), StandardCharsets.UTF_8));
    }
    return new Result(
        process.exitValue(), out.join(), new String(err.join(), StandardCharsets.UTF_8));
  }

  void killNow() {
    process.destroyForcibly();
  }

  static void assumeInstalled(String program) {
    boolean found =
        List.of(System.getenv("PATH").split(":", -1)).stream()
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    Assumptions.assumeTrue(found, program + " is not installed");
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

  /** A thread of its own: the common pool of a small machine has one, and it may be waiting. */
  private static CompletableFuture<byte[]> reader(InputStream in) {
    CompletableFuture<byte[]> all = new CompletableFuture<>();
    Thread thread = new Thread(() -> all.complete(readAll(in)), "process-output");
    thread.setDaemon(true);
    thread.start();
    return all;
  }

  private static byte[] readAll(InputStream in) {
    try (in) {
      return in.readAllBytes();
    } catch (IOException e) {
      return new byte[0]; // Killed while it wrote.
    }
  }
}

package dev.nightfuse.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Training computes, the pipeline's tests wait for clocks: they run at the same time, and what
 * trains has a tenth of a processor that both want. Nothing is said where {@code renice} is
 * missing: then both merely compete.
 */
public final class LowPriority implements LauncherSessionListener {

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    // Linux keeps a priority for each thread; those that start later have that of the one that
    // starts them.
    List<String> command = new ArrayList<>(List.of("renice", "-n", "10", "-p"));
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      threads.forEach(thread -> command.add(thread.getFileName().toString()));
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException | UncheckedIOException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

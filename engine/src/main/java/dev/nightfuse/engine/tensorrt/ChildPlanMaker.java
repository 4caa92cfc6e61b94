package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Builds plans in a process of their own; see {@link PlanBuildMain}. */
final class ChildPlanMaker implements PlanMaker {

  private static final long END_PATIENCE_S = 4;

  /** Lines of an unknown kind that are kept to explain a sudden end. */
  private static final int KEPT_LINES = 6;

  private final Path natives;
  private final String mainClass;

  /**
   * @param natives folder for the Java glue
   */
  ChildPlanMaker(Path natives) {
    this(natives, PlanBuildMain.class.getName());
  }

  /** With another program behind the same protocol, for tests. */
  ChildPlanMaker(Path natives, String mainClass) {
    this.natives = natives;
    this.mainClass = mainClass;
  }

  @Override
  public void make(PlanRequest request, Path target, BuildListener listener)
      throws EngineException, InterruptedException {
    Process child;
    try {
      child = start(request);
    } catch (IOException e) {
      throw new EngineException("the process that builds plans does not start", e);
    }
    boolean whole = false;
    try {
      BuildReply last = talk(child, BuildOrder.of(request, target, natives), listener);
      if (last.kind() == BuildReply.Kind.FAILED) {
        throw new EngineException(
            "no TensorRT plan of model %s: %s".formatted(request.model(), last.text()));
      }
      whole = Files.exists(target) && Files.size(target) > 0;
      if (!whole) {
        throw new EngineException("the plan of model %s is empty".formatted(request.model()));
      }
    } catch (IOException e) {
      throw new EngineException("the process that builds plans was lost: " + e.getMessage(), e);
    } finally {
      end(child);
      if (!whole) {
        delete(target);
      }
    }
  }

  private Process start(PlanRequest request) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-XX:+UseSerialGC");
    // The compiler of deep networks recurses, and is written for the main thread of a C++ program.
    command.add("-Xss64m");
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // The builder opens its resources by name, from the folder that the runtime came from.
    String folder = String.valueOf(request.files().runtime().toAbsolutePath().getParent());
    builder.environment().merge("LD_LIBRARY_PATH", folder, (others, ours) -> ours + ":" + others);
    return builder.start();
  }

  /**
   * Reads until the process says how it ended. A reader thread lets the caller be interrupted:
   * reading from a pipe is not.
   */
  private static BuildReply talk(Process child, BuildOrder order, BuildListener listener)
      throws IOException, InterruptedException, EngineException {
    Conversation conversation = new Conversation(child, listener);
    Thread reader = new Thread(conversation, "plan-build-reader");
    reader.setDaemon(true);
    reader.start();
    try (Writer out = new OutputStreamWriter(child.getOutputStream(), StandardCharsets.UTF_8)) {
      out.write(String.join("\n", order.lines()) + "\n");
      out.flush();
      // Its input stays open while it is wanted.
      reader.join();
    } catch (InterruptedException e) {
      // Closing its input asked it to stop.
      end(child);
      reader.join(TimeUnit.SECONDS.toMillis(END_PATIENCE_S));
      throw e;
    }
    BuildReply last = conversation.last;
    if (last == null) {
      int exit = child.waitFor(END_PATIENCE_S, TimeUnit.SECONDS) ? child.exitValue() : -1;
      throw new EngineException(
          "the process that builds plans ended with %s%s"
              .formatted(exit > 128 ? "signal " + (exit - 128) : "code " + exit, conversation));
    }
    return last;
  }

  /** What the child says, until it ends. */
  private static final class Conversation implements Runnable {
    private final Process child;
    private final BuildListener listener;
    private final BuildProgress progress = new BuildProgress();
    private final Deque<String> lines = new ArrayDeque<>();
    private volatile @Nullable BuildReply last;

    Conversation(Process child, BuildListener listener) {
      this.child = child;
      this.listener = listener;
    }

    @Override
    public void run() {
      try (BufferedReader in = child.inputReader(StandardCharsets.UTF_8)) {
        for (String line = in.readLine(); line != null && last == null; line = in.readLine()) {
          hear(line);
        }
      } catch (IOException e) {
        keep(String.valueOf(e.getMessage()));
      }
    }

    private void hear(String line) {
      BuildReply reply = BuildReply.parse(line);
      if (reply == null) {
        keep(line);
      } else if (reply.kind() == BuildReply.Kind.SAY) {
        keep(reply.text());
        listener.said(reply.text());
      } else {
        if (progress.accept(reply)) {
          listener.progress(progress.fraction(), progress.phase());
        }
        if (reply.kind() == BuildReply.Kind.DONE || reply.kind() == BuildReply.Kind.FAILED) {
          last = reply;
        }
      }
    }

    private synchronized void keep(String line) {
      if (lines.size() == KEPT_LINES) {
        lines.remove();
      }
      lines.add(line);
    }

    @Override
    public synchronized String toString() {
      return lines.isEmpty() ? "" : ": " + String.join(" | ", lines);
    }
  }

  private static void end(Process child) {
    try {
      child.getOutputStream().close();
    } catch (IOException e) {
      // It is gone already.
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (!child.waitFor(END_PATIENCE_S, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Of no use and no harm: the next build writes over it.
    }
  }
}

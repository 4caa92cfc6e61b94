package dev.nightfuse.engine.tensorrt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process that builds a plan. TensorRT's builder leaks and, when something is wrong, may end
 * its process; here that harms nobody. Takes a {@link BuildOrder} on its standard input and answers
 * with {@link BuildReply} lines. The end of its input, and so the end of its parent, ends it.
 */
final class PlanBuildMain {

  private static final int CANCEL_PATIENCE_S = 2;

  private final PrintStream out;
  private final CountDownLatch cancelled = new CountDownLatch(1);

  private PlanBuildMain(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PlanBuildMain build =
        new PlanBuildMain(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    int exit = 0;
    try {
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      BuildOrder order = BuildOrder.parse(lines);
      build.watch(in);
      build.run(order);
      build.reply(BuildReply.Kind.DONE, 0, "plan written");
    } catch (GpuException | IOException | RuntimeException | LinkageError e) {
      boolean ours = e instanceof GpuException || e instanceof IOException;
      build.reply(BuildReply.Kind.FAILED, 0, ours ? String.valueOf(e.getMessage()) : e.toString());
      exit = 1;
    }
    // Without exit handlers: destructors of half-built objects have nothing to add.
    Runtime.getRuntime().halt(exit);
  }

  /** Ends the build, and the process when the build does not end, once nobody listens any more. */
  private void watch(BufferedReader in) {
    Thread watcher =
        new Thread(
            () -> {
              try {
                while (in.readLine() != null) {
                  // Nothing more is said.
                }
                cancelled.countDown();
                TimeUnit.SECONDS.sleep(CANCEL_PATIENCE_S);
              } catch (IOException | InterruptedException e) {
                cancelled.countDown();
              }
              Runtime.getRuntime().halt(2);
            },
            "plan-build-watcher");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void run(BuildOrder order) throws GpuException, IOException {
    GpuDevice gpu = new CudaDriver().devices().get(order.gpu());
    NvRuntime.retain(CudaDriver.handle(gpu.ordinal()));
    TensorRtFiles files = new TensorRtFiles(order.runtime(), order.parser(), List.of());
    String version = NvRuntime.version(files, order.natives());
    loadBuilderResource(order.runtime(), version);
    say("TensorRT %s builds on %s".formatted(version, gpu));
    NvLog log = new NvLog(this::log);
    NvProgress progress = new NvProgress(new Phases());
    try {
      new NvBuilder(order, log, progress, this::say).build(gpu);
    } finally {
      // TensorRT calls both until the end.
      Reference.reachabilityFence(log);
      Reference.reachabilityFence(progress);
    }
  }

  /**
   * The builder opens its resource by name. Loaded here first where one file serves all GPUs, since
   * that file asks for an executable stack, for which the JVM takes its own measures.
   */
  private void loadBuilderResource(Path runtime, String version) {
    Path resource = runtime.resolveSibling("libnvinfer_builder_resource.so." + version);
    if (Files.exists(resource)) {
      try {
        TensorRtNatives.load(resource);
      } catch (GpuException e) {
        say(String.valueOf(e.getMessage()));
      }
    }
  }

  private void log(NvLog.Level level, String line) {
    if (level != NvLog.Level.INFO) {
      say(level + ": " + line);
    }
  }

  private void say(String line) {
    reply(BuildReply.Kind.SAY, 0, line);
  }

  private synchronized void reply(BuildReply.Kind kind, int number, String text) {
    out.println(new BuildReply(kind, number, text).line());
  }

  /** TensorRT's phases as lines. */
  private final class Phases implements NvProgress.Listener {
    @Override
    public void phaseStart(String phase, String parent, int steps) {
      reply(BuildReply.Kind.PHASE, steps, phase);
    }

    @Override
    public boolean stepComplete(String phase, int step) {
      reply(BuildReply.Kind.STEP, step, phase);
      return cancelled.getCount() > 0;
    }

    @Override
    public void phaseFinish(String phase) {
      reply(BuildReply.Kind.END, 0, phase);
    }
  }
}

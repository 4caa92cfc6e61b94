package dev.nightfuse.encode;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.telemetry.StageMetrics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tries an encoder in a process of its own, because a driver that does not fit can hang or take the
 * process with it. The child runs {@link #main} and answers with its exit code and one line.
 */
final class EncoderTrial {

  static final long TIMEOUT_MS = 15_000;

  private static final int EXIT_REFUSED = 3;

  private EncoderTrial() {}

  /** Tries an encoder; null when it worked, else why not. */
  static @Nullable String run(String element, long timeoutMs) {
    return run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            EncoderTrial.class.getName(),
            element),
        timeoutMs);
  }

  static @Nullable String run(List<String> command, long timeoutMs) {
    Process child;
    try {
      child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return "trial does not start: " + e.getMessage();
    }
    try {
      if (!child.waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
        return "trial hangs: no answer within %d ms".formatted(timeoutMs);
      }
      if (child.exitValue() == 0) {
        return null;
      }
      // One short line, so it fits the pipe and is there when the child is gone.
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return child.exitValue() == EXIT_REFUSED && !said.isBlank()
          ? "trial failed: " + said.strip()
          : "trial crashed with exit code " + child.exitValue();
    } catch (IOException e) {
      return "trial failed: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "trial interrupted";
    } finally {
      child.destroyForcibly();
    }
  }

  /** The child: encodes a few grey frames with the element named by the first argument. */
  public static void main(String[] args) {
    // Libraries may print to the real output; the answer goes there alone.
    PrintStream answer = System.out;
    System.setOut(System.err);
    String problem;
    try {
      problem = attempt(args[0]);
    } catch (GstException | EncoderException | InterruptedException | RuntimeException e) {
      problem = String.valueOf(e.getMessage());
    }
    if (problem != null) {
      answer.println(problem.lines().findFirst().orElse("unknown reason"));
    }
    answer.flush();
    // Not exit: a broken driver may hang in its clean-up.
    Runtime.getRuntime().halt(problem == null ? 0 : EXIT_REFUSED);
  }

  private static @Nullable String attempt(String element)
      throws GstException, EncoderException, InterruptedException {
    EncoderKind kind = EncoderKind.byElement(element).orElseThrow();
    FrameClock clock = FrameClock.system();
    FrameFormat format = new FrameFormat(PixelFormat.I420, 640, 480);
    Frame frame = Objects.requireNonNull(new FramePool(format, 1).tryBorrow());
    for (int i = 0; i < format.sizeBytes(); i++) {
      frame.data().put(i, (byte) 128);
    }
    CountDownLatch first = new CountDownLatch(1);
    VideoEncoder.Listener listener =
        new VideoEncoder.Listener() {
          @Override
          public void described(StreamInfo info) {}

          @Override
          public void encoded(AccessUnit unit) {
            first.countDown();
          }
        };
    VideoEncoder encoder =
        new GstEncoderFactory(
                GstRuntime.start(),
                List.of(kind),
                EncoderSettings.DEFAULT,
                clock,
                new StageMetrics("", "trial"),
                "trial")
            .open(format, listener);
    long startNs = clock.nowNs();
    for (int i = 0; encoder.failure() == null; i++) {
      encoder.push(frame, startNs + i * 33_000_000L, 0);
      if (first.await(33, TimeUnit.MILLISECONDS)) {
        return null;
      }
    }
    return encoder.failure();
  }
}

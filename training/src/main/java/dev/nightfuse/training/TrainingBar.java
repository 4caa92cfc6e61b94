package dev.nightfuse.training;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress of work that takes minutes to hours, on standard error: a bar on a terminal, and a line
 * now and then in a log, where a bar would only leave control characters.
 */
final class TrainingBar {

  private static final int UPDATE_MS = 500;
  private static final int LINE_LENGTH = 110;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  private TrainingBar() {}

  static ProgressBar of(String task, String unit, long steps) {
    return of(task, unit, steps, 0);
  }

  /**
   * @param unit of the steps, in the plural
   * @param done steps of earlier; speed and time left are told from those that follow
   */
  static ProgressBar of(String task, String unit, long steps, long done) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(" " + unit, 1)
            .setInitialMax(steps)
            .startsFrom(done, Duration.ZERO)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MS)
            .showSpeed();
    builder.setConsumer(
        onTerminal()
            ? new ConsoleProgressBarConsumer(System.err)
            : new Lines(System.err, System::nanoTime));
    return builder.build();
  }

  private static boolean onTerminal() {
    try {
      String standardError = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return standardError.startsWith("/dev/pts/") || standardError.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** A line at first, at the end, and in between no more often than {@link #BETWEEN_LINES}. */
  static final class Lines implements ProgressBarConsumer {

    private final PrintStream out;
    private final LongSupplier clockNs;
    private long writtenNs;
    private String newest = "";
    private String written = "";

    Lines(PrintStream out, LongSupplier clockNs) {
      this.out = out;
      this.clockNs = clockNs;
    }

    @Override
    public int getMaxRenderedLength() {
      return LINE_LENGTH;
    }

    @Override
    public void accept(String text) {
      newest = text.strip();
      if (written.isEmpty() || clockNs.getAsLong() - writtenNs >= BETWEEN_LINES.toNanos()) {
        write();
      }
    }

    private void write() {
      out.println(newest);
      written = newest;
      writtenNs = clockNs.getAsLong();
    }

    @Override
    public void close() {
      if (!newest.equals(written)) {
        write();
      }
    }
  }
}

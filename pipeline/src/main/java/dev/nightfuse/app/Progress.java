package dev.nightfuse.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The progress bar of an offline command, on standard error; nothing where that is not a terminal.
 * One thread.
 */
final class Progress implements AutoCloseable {

  private final ProgressBar bar;

  Progress(String task, String unit) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(" " + unit, 1)
            .setInitialMax(-1)
            .setUpdateIntervalMillis(200)
            .setStyle(ProgressBarStyle.ASCII)
            .showSpeed();
    if (!onTerminal()) {
      // Not a terminal: control characters would only litter a log.
      builder.setConsumer(new Silent());
    }
    bar = builder.build();
  }

  private static boolean onTerminal() {
    try {
      String standardError = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return standardError.startsWith("/dev/pts/") || standardError.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  void total(long steps) {
    bar.maxHint(steps);
  }

  void step() {
    bar.step();
  }

  long steps() {
    return bar.getCurrent();
  }

  @Override
  public void close() {
    bar.close();
  }

  private static final class Silent implements me.tongfei.progressbar.ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return 80;
    }

    @Override
    public void accept(String text) {}

    @Override
    public void close() {}
  }
}

package dev.nightfuse.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Memory, CPU time and open files of this process, from Linux; left out where there is none. */
final class ProcessFacts {

  private static final Path SELF = Path.of("/proc/self");

  /** Field numbers of proc(5) {@code stat} counted behind the name in brackets. */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  /** USER_HZ, the unit of those times, is 100 on every Linux that Java runs on. */
  private static final double TICKS_PER_S = 100;

  private ProcessFacts() {}

  static void write(PrometheusText out) {
    try {
      // VmRSS is in kB whatever the size of a page.
      for (String line : Files.readAllLines(SELF.resolve("status"))) {
        if (line.startsWith("VmRSS:")) {
          String kilobytes = line.replaceAll("[^0-9]", "");
          out.sample(Metric.RESIDENT_BYTES, Long.parseLong(kilobytes) * 1024);
        }
      }
      String stat = Files.readString(SELF.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
      out.sample(Metric.CPU_SECONDS, ticks / TICKS_PER_S);
      try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
        out.sample(Metric.OPEN_FILES, open.count());
      }
    } catch (IOException | RuntimeException e) {
      // No Linux, or no permission: the other metrics are worth having without these.
    }
  }
}

package dev.nightfuse.app;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a span of time cost: frames, CPU by stage, memory.
 *
 * @param seconds length of the span
 * @param frames frames that came out in it
 * @param cpuMsPerFrame CPU time per frame by stage
 * @param allocatedBytesPerFrame Java heap allocated per frame
 * @param rssMiB resident memory at its end
 */
record Measurement(
    double seconds,
    long frames,
    Map<String, Double> cpuMsPerFrame,
    double allocatedBytesPerFrame,
    double rssMiB) {

  double framesPerSecond() {
    return frames / seconds;
  }

  double cpuMsPerFrameTotal() {
    return cpuMsPerFrame.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Part of one core that was busy. */
  double cores() {
    return cpuMsPerFrameTotal() * framesPerSecond() / 1000;
  }

  /** The state of the counters at one moment. */
  record Start(long timeNs, long frames, Map<String, Long> cpuNs, long allocatedBytes) {

    static Start now(long timeNs, long frames) throws IOException {
      return new Start(timeNs, frames, ThreadCosts.readNs(), allocatedBytesSum());
    }

    Measurement until(long endNs, long framesNow) throws IOException {
      long count = Math.max(1, framesNow - frames);
      Map<String, Double> cpu = new LinkedHashMap<>();
      ThreadCosts.readNs()
          .forEach(
              (stage, spentNs) ->
                  cpu.put(
                      stage, Math.max(0, spentNs - cpuNs.getOrDefault(stage, 0L)) / 1e6 / count));
      cpu.values().removeIf(ms -> ms < 0.001);
      return new Measurement(
          (endNs - timeNs) / 1e9,
          framesNow - frames,
          cpu,
          Math.max(0, allocatedBytesSum() - allocatedBytes) / (double) count,
          rss());
    }
  }

  private static long allocatedBytesSum() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  private static double rss() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D+", "")) / 1024.0;
      }
    }
    return 0;
  }
}

package dev.nightfuse.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * CPU time of this process's threads, Java's and GStreamer's alike, by what they are there for.
 * Read from Linux's {@code /proc/self/task}; threads that ended between two readings are not seen.
 */
final class ThreadCosts {

  /**
   * Beginnings of thread names and what such threads do; the first that fits counts. Linux cuts
   * names to 15 letters.
   */
  private static final Map<String, String> STAGES = new LinkedHashMap<>();

  static {
    STAGES.put("capture-", "capture (simulation, decoding, copy)");
    STAGES.put("multiqueue", "capture (simulation, decoding, copy)");
    STAGES.put("queue", "capture (simulation, decoding, copy)");
    STAGES.put("qtdemux", "capture (simulation, decoding, copy)");
    STAGES.put("av:", "capture (simulation, decoding, copy)");
    STAGES.put("rig-", "match, register");
    STAGES.put("engine", "inference");
    STAGES.put("view-", "draw");
    STAGES.put("encode-", "encode");
    // The thread of the encoder's GStreamer pipeline is named after its first element.
    STAGES.put("source:", "encode");
    STAGES.put("x264", "encode");
    STAGES.put("rtsp", "send");
    STAGES.put("vert.x", "send");
    STAGES.put("bench-", "the benchmark itself");
    STAGES.put("C1 Comp", "Java runtime (compiling, garbage collection)");
    STAGES.put("C2 Comp", "Java runtime (compiling, garbage collection)");
    STAGES.put("GC", "Java runtime (compiling, garbage collection)");
    STAGES.put("VM ", "Java runtime (compiling, garbage collection)");
  }

  private ThreadCosts() {}

  /** CPU nanoseconds since each thread began, summed by stage. */
  static Map<String, Long> readNs() throws IOException {
    Map<String, Long> costs = new LinkedHashMap<>();
    STAGES.values().forEach(stage -> costs.put(stage, 0L));
    costs.put("other threads", 0L);
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        try {
          String name = Files.readString(task.resolve("comm"), StandardCharsets.UTF_8).strip();
          String spent = Files.readString(task.resolve("schedstat"), StandardCharsets.US_ASCII);
          costs.merge(
              stage(name), Long.parseLong(spent.substring(0, spent.indexOf(' '))), Long::sum);
        } catch (IOException e) {
          // The thread ended while it was looked at.
        }
      }
    }
    return costs;
  }

  private static String stage(String threadName) {
    for (Map.Entry<String, String> stage : STAGES.entrySet()) {
      if (threadName.startsWith(stage.getKey())) {
        return stage.getValue();
      }
    }
    return "other threads";
  }
}

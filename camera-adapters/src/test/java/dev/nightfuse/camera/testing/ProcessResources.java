package dev.nightfuse.camera.testing;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process holds, read from /proc. */
public final class ProcessResources {

  private ProcessResources() {}

  /** Open file descriptors. */
  public static long openFiles() throws IOException {
    return count("/proc/self/fd");
  }

  /** Threads, native ones included. */
  public static long threads() throws IOException {
    return count("/proc/self/task");
  }

  /** Resident memory besides the Java heap, without what waits for the collector or for reuse. */
  public static long nativeBytes() throws IOException, InterruptedException {
    // Frames' native memory is freed by cleaners, which run some time after a collection.
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    // What glibc keeps in the arenas of threads that are gone is not a leak either.
    NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(new Object[] {0L});
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
    long heapBytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    return Long.parseLong(pages[1]) * 4096 - heapBytes;
  }

  private static long count(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(folder))) {
      return entries.count();
    }
  }
}

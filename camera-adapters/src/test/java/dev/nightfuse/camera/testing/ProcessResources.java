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

  /**
   * Whether no more than this many files are open, or soon will be. A thread of GStreamer's that
   * was taking a pipeline from PAUSED to PLAYING holds it, and with it two sockets of its bus, for
   * some moments after it was closed.
   */
  public static boolean openFilesFallTo(long most) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + 10_000_000_000L;
    while (openFiles() > most) {
      if (System.nanoTime() > deadlineNs) {
        return false;
      }
      Thread.sleep(10);
    }
    return true;
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

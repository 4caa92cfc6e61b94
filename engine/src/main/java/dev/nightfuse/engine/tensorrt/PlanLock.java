package dev.nightfuse.engine.tensorrt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A right that one process has at a time, by a locked file that is there only meanwhile: whoever
 * gives the right up removes the file. The end of a process frees the lock and leaves the file,
 * which the next one takes over.
 *
 * <p>A process that waits may have opened the file just before it was removed, and would then hold
 * the lock of a file that nobody else can find. So whoever gets a lock marks its file and looks
 * whether the mark is on the file that has the name now; else it begins again. The mark is the
 * length of the file: opening it a second time to read would, by POSIX, drop the lock when that is
 * closed. For the same reason no two threads of a process may try for one file at a time; {@link
 * PlanCache} sees to that.
 */
final class PlanLock implements AutoCloseable {

  /** One byte is written; the rest takes no room on the disk. */
  private static final long LONGEST_MARK = 1L << 20;

  private final Path file;
  private final FileChannel channel;

  private PlanLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits for the right; interruptible.
   *
   * @throws IOException when the file cannot be made, or the thread is interrupted
   */
  static PlanLock take(Path file) throws IOException {
    while (true) {
      PlanLock taken = attempt(file, true);
      if (taken != null) {
        return taken;
      }
    }
  }

  /** The right, or null when another process has it. */
  static @Nullable PlanLock tryTake(Path file) throws IOException {
    return attempt(file, false);
  }

  private static @Nullable PlanLock attempt(Path file, boolean wait) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean ours = false;
    try {
      FileLock lock = wait ? channel.lock() : channel.tryLock();
      ours = lock != null && isMarked(file, channel);
      return ours ? new PlanLock(file, channel) : null;
    } finally {
      if (!ours) {
        channel.close();
      }
    }
  }

  /** Whether the locked file is the one that has the name now. */
  private static boolean isMarked(Path file, FileChannel channel) throws IOException {
    long mark = ThreadLocalRandom.current().nextLong(1, LONGEST_MARK);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), mark - 1);
    try {
      return Files.size(file) == mark;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Removes the file while nobody else can have the right, then gives it up. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file);
    } finally {
      channel.close();
    }
  }
}

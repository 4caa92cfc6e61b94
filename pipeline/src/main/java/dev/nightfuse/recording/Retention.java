package dev.nightfuse.recording;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room for what is being recorded: deletes the oldest finished recordings of the rig, where
 * the settings allow it, and says when there is no room to be had. Kept recordings are neither
 * counted nor deleted.
 *
 * <p>A file that cannot be deleted is left out until the next {@link #look}; so every call ends.
 *
 * <p>One thread, the recorder's, but for {@link #deleted} and {@link #check}.
 */
final class Retention {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private final RecordingFolder folder;
  private final RecorderSettings settings;
  private final LongSupplier freeSpace;
  private final LongAdder deleted = new LongAdder();

  /** Finished recordings, oldest first, and their size. */
  private final Deque<RecordingFolder.Recording> oldest = new ArrayDeque<>();

  private long finishedBytes;

  /**
   * Deleted and not yet seen as free: some file systems free late, and a file that somebody
   * downloads is freed when he has it. What is written since then is taken off.
   */
  private long owedBytes;

  private long lastBytes;
  private @Nullable Path lastDeleted;

  Retention(RecordingFolder folder, RecorderSettings settings) {
    this(folder, settings, folder::freeBytes);
  }

  /** With a free space of one's own, for tests. */
  Retention(RecordingFolder folder, RecorderSettings settings, LongSupplier freeSpace) {
    this.folder = folder;
    this.settings = settings;
    this.freeSpace = freeSpace;
  }

  /** Files deleted since the program began; any thread. */
  long deleted() {
    return deleted.sum();
  }

  /** Takes note of what is there; before a file begins. */
  void look() {
    oldest.clear();
    finishedBytes = 0;
    if (!settings.deletesOldest()) {
      return;
    }
    try {
      for (RecordingFolder.Recording recording : folder.list()) {
        if (!recording.kept() && !recording.active()) {
          oldest.add(recording);
          finishedBytes += recording.bytes();
        }
      }
    } catch (IOException e) {
      // Whether there is room to go on is known without.
      LOG.warn("recordings cannot be listed: {}", DiskTrouble.explained(e));
    }
  }

  /**
   * Before something is written.
   *
   * @param writingBytes size of the file that is being written, 0 without one
   * @throws FileSystemException when the disk is full and nothing may be deleted
   */
  void makeRoom(long writingBytes) throws IOException {
    long writtenBytes = writingBytes < lastBytes ? writingBytes : writingBytes - lastBytes;
    lastBytes = writingBytes;
    owedBytes = Math.max(0, owedBytes - writtenBytes);
    long before = deleted.sum();
    long freedBytes = 0;
    while (settings.keepBytes() > 0
        && finishedBytes + writingBytes > settings.keepBytes()
        && !oldest.isEmpty()) {
      freedBytes += deleteOldest();
    }
    long freeBytes = freeBytes();
    long missingBytes = settings.minFreeBytes() - freeBytes;
    boolean full = missingBytes > 0;
    // Waiting for what is owed must not use up the reserve.
    if (freeBytes >= settings.minFreeBytes() / 4) {
      missingBytes -= owedBytes;
    }
    while (full && freedBytes < missingBytes && !oldest.isEmpty()) {
      freedBytes += deleteOldest();
    }
    owedBytes = full ? owedBytes + freedBytes : 0;
    if (freedBytes > 0) {
      LOG.info(
          "old recordings deleted to make room: {} of {} MB, the last {}",
          deleted.sum() - before,
          freedBytes / 1_000_000,
          lastDeleted);
    } else if (full && missingBytes > 0) {
      throw full(freeBytes);
    }
  }

  /** Returns how much that frees: 0 when the file cannot be deleted, or is no longer there. */
  private long deleteOldest() {
    RecordingFolder.Recording oldestOne = oldest.remove();
    finishedBytes -= oldestOne.bytes();
    try {
      if (folder.delete(oldestOne)) {
        deleted.increment();
        lastDeleted = oldestOne.path();
        return oldestOne.bytes();
      }
    } catch (IOException e) {
      LOG.warn("recording {} cannot be deleted: {}", oldestOne.path(), DiskTrouble.explained(e));
    }
    return 0;
  }

  /** Throws what {@link #makeRoom} would on a full disk, and deletes nothing. Any thread. */
  void check() throws IOException {
    long freeBytes = freeBytes();
    if (freeBytes < settings.minFreeBytes()) {
      List<RecordingFolder.Recording> there = settings.deletesOldest() ? folder.list() : List.of();
      if (there.stream().noneMatch(recording -> !recording.kept() && !recording.active())) {
        throw full(freeBytes);
      }
    }
  }

  private long freeBytes() throws NoSuchFileException {
    long freeBytes = freeSpace.getAsLong();
    if (freeBytes == 0 && !Files.isDirectory(folder.path())) {
      throw new NoSuchFileException(folder.path().toString());
    }
    return freeBytes;
  }

  private FileSystemException full(long freeBytes) {
    return new FileSystemException(
        folder.path().toString(),
        null,
        "disk is full: %d MiB free, %d MiB are kept free"
            .formatted(freeBytes >> 20, settings.minFreeBytes() >> 20));
  }
}

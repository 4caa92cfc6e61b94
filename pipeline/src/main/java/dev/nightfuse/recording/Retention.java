package dev.nightfuse.recording;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room for what is being recorded, and says when there is no room to be had. The rigs of a
 * program that record below one directory share one of these: when their disk gets full the oldest
 * finished recording of them all goes, so that every rig's history reaches back equally far,
 * whoever writes most. Of rigs that do not allow it nothing is deleted, nor for them. Kept
 * recordings are neither counted nor deleted.
 *
 * <p>A file that cannot be deleted is left out until the next {@link Rig#look}; so every call ends.
 *
 * <p>Any thread; all but {@link Rig#deleted} wait for the disk.
 */
public final class Retention {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /**
   * By the time in the name; but what this program wrote is newer than all it found, whatever the
   * machine's clock said meanwhile.
   */
  private static final Comparator<RecordingFolder.Recording> BY_AGE =
      Comparator.comparingLong(RecordingFolder.Recording::writtenNs)
          .thenComparing(RecordingFolder.Recording::name);

  private final Space space;
  private final List<Rig> rigs = new CopyOnWriteArrayList<>();

  /** Guards the lists of all rigs, and what follows. */
  private final Object lock = new Object();

  /**
   * Deleted and not yet seen as free, by disk: some file systems free late, and a file that
   * somebody downloads is freed when he has it. What is written since then is taken off.
   */
  private final Map<@Nullable Object, Long> owedBytes = new HashMap<>();

  /** How much may still be written to the disk of a folder. */
  interface Space {
    long freeBytes(RecordingFolder folder) throws IOException;
  }

  public Retention() {
    this(RecordingFolder::knownFreeBytes);
  }

  /** With a free space of one's own, for tests. */
  Retention(Space space) {
    this.space = space;
  }

  /** One more rig; its files may be deleted from now on, as far as its settings allow. */
  Rig add(RecordingFolder folder, RecorderSettings settings) {
    Rig rig = new Rig(folder, settings);
    rigs.add(rig);
    return rig;
  }

  /** One rig's part in it. */
  final class Rig {

    private final RecordingFolder folder;
    private final RecorderSettings settings;
    private final LongAdder deleted = new LongAdder();

    /** Finished recordings, oldest first, and their size; empty where nothing may be deleted. */
    private final Deque<RecordingFolder.Recording> oldest = new ArrayDeque<>();

    private long finishedBytes;
    private long lastBytes;

    /** What its folder lies on. A folder may be a link, or have a disk of its own. */
    private @Nullable Object disk;

    private Rig(RecordingFolder folder, RecorderSettings settings) {
      this.folder = folder;
      this.settings = settings;
    }

    /** Files of this rig deleted since the program began. */
    long deleted() {
      return deleted.sum();
    }

    /** Takes note of what is there; before a file begins. */
    void look() {
      if (settings.deletesOldest()) {
        synchronized (lock) {
          rigs.stream().filter(rig -> rig.settings.deletesOldest()).forEach(Rig::list);
        }
      }
    }

    private void list() {
      oldest.clear();
      finishedBytes = 0;
      try {
        disk = folder.disk();
        for (RecordingFolder.Recording recording : deletable()) {
          oldest.add(recording);
          finishedBytes += recording.bytes();
        }
      } catch (IOException e) {
        // Whether there is room to go on is known without.
        LOG.warn("recordings cannot be listed: {}", DiskTrouble.explained(e));
      }
    }

    private List<RecordingFolder.Recording> deletable() throws IOException {
      List<RecordingFolder.Recording> found = new ArrayList<>(folder.list());
      found.removeIf(recording -> recording.kept() || recording.active());
      found.sort(BY_AGE);
      return found;
    }

    /**
     * Before something is written.
     *
     * @param writingBytes size of the file that is being written, 0 without one
     * @throws FileSystemException when the disk is full and there is nothing that may be deleted,
     *     or when nobody knows how full it is
     */
    void makeRoom(long writingBytes) throws IOException {
      synchronized (lock) {
        long writtenBytes = writingBytes < lastBytes ? writingBytes : writingBytes - lastBytes;
        lastBytes = writingBytes;
        long freeBytes = space.freeBytes(folder);
        long freedBytes = 0;
        while (settings.keepBytes() > 0
            && finishedBytes + writingBytes > settings.keepBytes()
            && !oldest.isEmpty()) {
          freedBytes += deleteOldest();
        }
        long missingBytes = settings.minFreeBytes() - freeBytes;
        if (missingBytes <= 0) {
          owedBytes.remove(disk);
          return;
        }
        long owed = Math.max(0, owedBytes.getOrDefault(disk, 0L) - writtenBytes);
        // Waiting for what is owed must not use up the reserve.
        boolean low = freeBytes < leastFreeBytes();
        freedBytes += freeUp(missingBytes - (low ? 0 : owed) - freedBytes);
        if (low && freedBytes == 0) {
          // What was finished since the last look is not in the list.
          look();
          freedBytes = freeUp(missingBytes);
          if (freedBytes == 0) {
            throw full(freeBytes);
          }
        }
        owedBytes.put(disk, owed + freedBytes);
      }
    }

    /** Below this it stops. Who may delete goes on a little longer: others may finish a file. */
    private long leastFreeBytes() {
      return settings.deletesOldest() ? settings.minFreeBytes() / 4 : settings.minFreeBytes();
    }

    /**
     * After a write that found no room, whatever the disk says of its free space: deletes a
     * recording.
     *
     * @return whether there was one to delete
     */
    boolean makeAnyRoom() {
      synchronized (lock) {
        look();
        long freedBytes = freeUp(1);
        owedBytes.merge(disk, freedBytes, Long::sum);
        return freedBytes > 0;
      }
    }

    /** Deletes the oldest of all rigs on this disk, and says how much that frees. */
    private long freeUp(long wantedBytes) {
      long freedBytes = 0;
      while (freedBytes < wantedBytes) {
        Rig rig = withTheOldest();
        if (rig == null) {
          break;
        }
        freedBytes += rig.deleteOldest();
      }
      return freedBytes;
    }

    private @Nullable Rig withTheOldest() {
      if (!settings.deletesOldest()) {
        return null;
      }
      return rigs.stream()
          .filter(rig -> Objects.equals(rig.disk, disk) && !rig.oldest.isEmpty())
          .min(Comparator.comparing(rig -> rig.oldest.element(), BY_AGE))
          .orElse(null);
    }

    /** Returns how much that frees: 0 when the file cannot be deleted, or is no longer there. */
    private long deleteOldest() {
      RecordingFolder.Recording oldestOne = oldest.remove();
      finishedBytes -= oldestOne.bytes();
      try {
        if (folder.delete(oldestOne)) {
          deleted.increment();
          LOG.info(
              "recording {}, {} MB, deleted to make room",
              oldestOne.path(),
              oldestOne.bytes() / 1_000_000);
          return oldestOne.bytes();
        }
      } catch (IOException e) {
        LOG.warn("recording {} cannot be deleted: {}", oldestOne.path(), DiskTrouble.explained(e));
      }
      return 0;
    }

    /** Throws what {@link #makeRoom} would on a full disk, and deletes nothing. */
    void check() throws IOException {
      long freeBytes = space.freeBytes(folder);
      if (freeBytes < leastFreeBytes() && !anyDeletable()) {
        throw full(freeBytes);
      }
    }

    private boolean anyDeletable() throws IOException {
      if (settings.deletesOldest()) {
        Object mine = folder.disk();
        for (Rig rig : rigs) {
          if (rig.settings.deletesOldest()
              && Objects.equals(rig.folder.disk(), mine)
              && !rig.deletable().isEmpty()) {
            return true;
          }
        }
      }
      return false;
    }

    private FileSystemException full(long freeBytes) {
      return new FileSystemException(
          folder.path().toString(),
          null,
          "disk is full: %d MiB free, %d MiB are kept free"
              .formatted(freeBytes >> 20, settings.minFreeBytes() >> 20));
    }
  }
}

package dev.nightfuse.recording;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.View;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recordings of one rig as they lie on the disk: in the rig's folder, and those that an
 * operator keeps in {@code kept} below it. Nothing about them is stored elsewhere, so they may be
 * moved and deleted by hand as well. Only regular files with our names are seen or touched, never
 * pairs of pictures. Of two with the same name the kept one is seen alone.
 *
 * <p>Every method from any thread; all but {@link #path} wait for the disk.
 */
public final class RecordingFolder {

  private static final Logger LOG = LoggerFactory.getLogger(RecordingFolder.class);

  static final String KEPT = "kept";

  /** A week of minutes. Files from before it are taken for found ones. */
  private static final int MOST_REMEMBERED = 10_000;

  private static final Pattern OURS =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT)(\\d\\d)-(\\d\\d)-(\\d\\dZ)_([a-z-]+)(_\\d+)?\\.mp4");

  private final Path folder;
  private final Path keptFolder;
  private final SegmentFile.Write write;
  private final AtomicBoolean keptTroubleTold = new AtomicBoolean();
  private final AtomicBoolean forceTroubleTold = new AtomicBoolean();

  /** Guards {@link #writing}: a file that has just begun is neither deleted nor moved. */
  private final Object lock = new Object();

  private @Nullable Path writing;

  /** When the first picture of the files of this program was captured, by name. */
  private final Map<String, Long> writtenNs = new LinkedHashMap<>();

  /**
   * One file.
   *
   * @param start when its first picture was captured, to the second
   * @param kept whether it is kept from deletion
   * @param active whether it is being written
   * @param writtenNs capture time of its first picture on the program's clock, where this program
   *     wrote it; otherwise {@link Long#MIN_VALUE}
   */
  public record Recording(
      Path path,
      Instant start,
      String view,
      long bytes,
      boolean kept,
      boolean active,
      long writtenNs) {

    public String name() {
      return String.valueOf(path.getFileName());
    }
  }

  RecordingFolder(Path folder) {
    this(folder, FileChannel::write);
  }

  /** With a disk of one's own, for tests. */
  RecordingFolder(Path folder, SegmentFile.Write write) {
    this.folder = folder;
    this.write = write;
    this.keptFolder = folder.resolve(KEPT);
  }

  /** Where the recordings lie. */
  public Path path() {
    return folder;
  }

  /** What may still be written to its disk, or to where it will be made; 0 where nobody knows. */
  public long freeBytes() {
    File there = folder.toFile().getAbsoluteFile();
    while (there != null && !there.exists()) {
      there = there.getParentFile();
    }
    // Not through FileStore: it looks for a mount point, and in a container or chroot there may
    // be none.
    return there == null ? 0 : there.getUsableSpace();
  }

  /** Likewise, but 0 only of a full disk. */
  long knownFreeBytes() throws IOException {
    File file = folder.toFile();
    long freeBytes = file.getUsableSpace();
    // What cannot be asked answers 0 as well. Then nothing may be deleted for want of space.
    if (freeBytes == 0 && file.getTotalSpace() == 0) {
      if (!Files.isDirectory(folder)) {
        throw new NoSuchFileException(folder.toString());
      }
      throw new FileSystemException(folder.toString(), null, "the disk tells no free space");
    }
    return freeBytes;
  }

  /** The disk it lies on, to compare; null where there is no folder. */
  @Nullable Object disk() throws IOException {
    try {
      return Files.getAttribute(folder, "unix:dev");
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** All, oldest first; empty where there is no folder. */
  public List<Recording> list() throws IOException {
    // By name, which is by time: a file that is copied or repaired has another date.
    Map<String, Recording> found = new TreeMap<>();
    add(found, folder);
    if (keepsAny()) {
      try {
        add(found, keptFolder);
      } catch (IOException e) {
        keptTrouble(e);
      }
    }
    return new ArrayList<>(found.values());
  }

  private void add(Map<String, Recording> found, Path from) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "*.mp4")) {
      for (Path file : files) {
        Recording recording = recording(file);
        if (recording != null) {
          found.put(recording.name(), recording);
        }
      }
    } catch (NoSuchFileException e) {
      // Nothing was ever recorded.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private boolean keepsAny() {
    // A link to another place would not be ours.
    return Files.isDirectory(keptFolder, LinkOption.NOFOLLOW_LINKS);
  }

  /** What is kept by hand may be another user's. The rest can be recorded and deleted without. */
  private void keptTrouble(IOException e) {
    if (keptTroubleTold.compareAndSet(false, true)) {
      LOG.warn("recordings in {} cannot be read: {}", keptFolder, e.toString());
    }
  }

  /** The recording of this name, which may be anything; null when there is none. */
  public @Nullable Recording find(String name) throws IOException {
    if (!OURS.matcher(name).matches()) {
      return null;
    }
    Recording kept = null;
    if (keepsAny()) {
      try {
        kept = recording(keptFolder.resolve(name));
      } catch (IOException e) {
        keptTrouble(e);
      }
    }
    return kept != null ? kept : recording(folder.resolve(name));
  }

  private @Nullable Recording recording(Path file) throws IOException {
    Matcher name = OURS.matcher(String.valueOf(file.getFileName()));
    // Who gives a file a name of his own wants to keep it.
    if (!name.matches() || View.byLabel(name.group(5)).isEmpty()) {
      return null;
    }
    try {
      Instant start =
          Instant.parse(name.group(1) + name.group(2) + ":" + name.group(3) + ":" + name.group(4));
      BasicFileAttributes facts =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!facts.isRegularFile()) {
        return null;
      }
      synchronized (lock) {
        return new Recording(
            file,
            start,
            name.group(5),
            facts.size(),
            keptFolder.equals(file.getParent()),
            file.equals(writing),
            writtenNs.getOrDefault(String.valueOf(file.getFileName()), Long.MIN_VALUE));
      }
    } catch (DateTimeParseException | NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Deletes a recording, kept or not.
   *
   * @return false when there is none of this name
   * @throws IOException when it is being written, or the disk refuses
   */
  public boolean delete(String name) throws IOException {
    synchronized (lock) {
      Recording recording = find(name);
      return recording != null && delete(recording);
    }
  }

  /** Likewise what was found before; false when it has gone from there. */
  boolean delete(Recording recording) throws IOException {
    synchronized (lock) {
      requireFinished(recording.path());
      return Files.deleteIfExists(recording.path());
    }
  }

  /**
   * Keeps a recording from deletion by {@link Retention}, or gives it up to it again.
   *
   * @return false when there is none of this name
   * @throws IOException when it is being written, or the disk refuses
   */
  public boolean keep(String name, boolean kept) throws IOException {
    synchronized (lock) {
      Recording recording = find(name);
      if (recording == null || recording.kept() == kept) {
        return recording != null;
      }
      requireFinished(recording.path());
      if (kept) {
        Files.createDirectories(keptFolder);
        if (!Files.isDirectory(keptFolder, LinkOption.NOFOLLOW_LINKS)) {
          throw new FileAlreadyExistsException(keptFolder.toString());
        }
      }
      Path target = (kept ? keptFolder : folder).resolve(name);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      // A rename or nothing: copying to another disk would take long.
      Files.move(recording.path(), target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    }
  }

  private void requireFinished(Path path) throws IOException {
    if (path.equals(writing)) {
      throw new FileSystemException(path.toString(), null, "is still being recorded");
    }
  }

  /** Begins a file, which is nobody's but the recorder's until {@link #finished}. */
  SegmentFile begin(String view, StreamInfo info, AccessUnit first) throws IOException {
    synchronized (lock) {
      SegmentFile segment = SegmentFile.create(folder, write, view, info, first);
      writing = segment.path();
      if (writtenNs.size() == MOST_REMEMBERED) {
        writtenNs.remove(writtenNs.keySet().iterator().next());
      }
      writtenNs.put(String.valueOf(segment.path().getFileName()), segment.startNs());
      forceFolder();
      return segment;
    }
  }

  /**
   * The name of a new file is safe only when its folder is on the disk too. Not every file system
   * can do that; there is a recording all the same.
   */
  private void forceFolder() {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      if (forceTroubleTold.compareAndSet(false, true)) {
        LOG.warn("a power cut may cost the newest file in {}: {}", folder, e.toString());
      }
    }
  }

  void finished() {
    synchronized (lock) {
      writing = null;
    }
  }
}

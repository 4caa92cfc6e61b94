package dev.nightfuse.recording;

import dev.nightfuse.mp4.FragmentedMp4;
import dev.nightfuse.mp4.RandomAccessIndex;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a recording, from its first key frame to its index. Every fragment is forced to the
 * disk before the next. After a failed write the file is cut back to its last whole fragment, as
 * far as the disk lets us. One thread.
 */
final class SegmentFile {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentFile.class);

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int NAMES_PER_SECOND = 100;

  private final Path path;
  private final FileChannel file;
  private final Write write;
  private final FragmentedMp4 mp4;
  private final StreamInfo info;
  private final long startNs;
  private final RandomAccessIndex index = new RandomAccessIndex();
  private long bytes;
  private boolean pictures;

  /** {@link FileChannel#write(ByteBuffer, long)}, or a disk of a test. */
  interface Write {
    int write(FileChannel file, ByteBuffer source, long position) throws IOException;
  }

  private SegmentFile(Path path, FileChannel file, Write write, StreamInfo info, AccessUnit first) {
    this.path = path;
    this.file = file;
    this.write = write;
    this.info = info;
    this.startNs = first.captureNs();
    this.mp4 = new FragmentedMp4(info, first.captureNs(), first.captureWallNs());
  }

  /** A new file named by the UTC time of its first picture, with the initialisation segment. */
  static SegmentFile create(
      Path folder, Write write, String view, StreamInfo info, AccessUnit first) throws IOException {
    String time = NAME.format(Instant.ofEpochSecond(0, first.captureWallNs()));
    for (int i = 1; i <= NAMES_PER_SECOND; i++) {
      String name = time + "_" + view + (i == 1 ? "" : "_" + i) + ".mp4";
      Path path = folder.resolve(name);
      if (Files.exists(folder.resolve(RecordingFolder.KEPT).resolve(name))) {
        // One that is kept can come back.
        continue;
      }
      try {
        FileChannel file =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        SegmentFile segment = new SegmentFile(path, file, write, info, first);
        segment.write(segment.mp4.initSegment());
        return segment;
      } catch (FileAlreadyExistsException e) {
        // A recording that was stopped and started within the second: on to the next number.
        LOG.debug("recording {} exists", path);
      }
    }
    throw new FileAlreadyExistsException(
        folder.resolve(time).toString(), null, NAMES_PER_SECOND + " recordings of one second");
  }

  /**
   * Appends one fragment.
   *
   * @param endNs capture time of the picture that follows, or an estimate
   */
  void append(List<AccessUnit> units, long endNs) throws IOException {
    AccessUnit first = units.get(0);
    byte[] fragment = mp4.fragment(units, endNs);
    long fragmentAt = bytes;
    write(fragment);
    pictures = true;
    if (first.keyFrame()) {
      // The fragment begins with the box of its UTC time.
      int moofAt = ByteBuffer.wrap(fragment).getInt(0);
      index.add(mp4.mediaTime(first.captureNs()), fragmentAt + moofAt);
    }
  }

  /** Writes the index and closes; a file without a picture is deleted. */
  void finish() throws IOException {
    try (file) {
      if (!pictures) {
        Files.deleteIfExists(path);
        return;
      }
      write(index.toBytes());
    }
  }

  private void write(byte[] data) throws IOException {
    try {
      put(data);
      file.force(false);
      bytes += data.length;
    } catch (IOException e) {
      abandon(e);
      throw e;
    }
  }

  private void put(byte[] data) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(data);
    while (source.hasRemaining()) {
      write.write(file, source, bytes + source.position());
    }
  }

  /** Cutting the torn fragment off often makes the room that the index needs. */
  private void abandon(IOException cause) {
    try (file) {
      file.truncate(bytes);
      if (pictures) {
        putIndexOrNothing();
      } else {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Without its index the file plays as well; the next start writes it. */
  private void putIndexOrNothing() throws IOException {
    try {
      put(index.toBytes());
    } catch (IOException e) {
      LOG.debug("no room for the index of {}", path, e);
      file.truncate(bytes);
    }
  }

  Path path() {
    return path;
  }

  StreamInfo info() {
    return info;
  }

  /** Capture time of the first picture. */
  long startNs() {
    return startNs;
  }

  long bytes() {
    return bytes;
  }
}

package dev.nightfuse.mp4;

import dev.nightfuse.mp4.BoxFile.Box;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * How long a finished file of {@link FragmentedMp4} plays: the index at its end leads to its last
 * key frame, and from there it is a few fragments to the end. A handful of short reads, however
 * long the file is.
 */
public final class FileDuration {

  private static final int TYPE_MFRA = BoxFile.type("mfra");
  private static final int TYPE_TFRA = BoxFile.type("tfra");

  /** Where the entries of the index begin, and how long one is, as we write it. */
  private static final int ENTRIES_AT = 8 + 24;

  private static final int ENTRY_BYTES = 19;
  private static final int MOST_INDEX_BYTES = 1 << 20;

  /** A minute between key frames at half a second and three boxes a fragment is 360. */
  private static final int MOST_BOXES = 10_000;

  private FileDuration() {}

  /** In milliseconds; empty for a file that is not finished, or not of ours. */
  public static OptionalLong ofMs(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return ofMs(new BoxFile(file), file.size());
    }
  }

  private static OptionalLong ofMs(BoxFile file, long size) throws IOException {
    long indexAt = indexAt(file, size);
    if (indexAt < 0) {
      return OptionalLong.empty();
    }
    ByteBuffer index = file.read(indexAt, (int) (size - indexAt));
    int entriesEnd = index.capacity() - RandomAccessIndex.TRAILER_BYTES;
    int last = entriesEnd - ENTRY_BYTES;
    if (last < ENTRIES_AT || index.getInt(12) != TYPE_TFRA) {
      return OptionalLong.empty();
    }
    long at = index.getLong(last + 8);
    long end = -1;
    for (int boxes = 0; boxes < MOST_BOXES && at >= 0 && at < indexAt; boxes++) {
      Box box = file.box(at);
      if (box == null) {
        return OptionalLong.empty();
      }
      if (box.type() == FileRepair.TYPE_MOOF) {
        end = fragmentEnd(file, at, box);
      }
      at += box.size();
    }
    return end < 0
        ? OptionalLong.empty()
        : OptionalLong.of(end * 1_000 / FragmentedMp4.TIMESCALE_HZ);
  }

  private static long indexAt(BoxFile file, long size) throws IOException {
    if (size < RandomAccessIndex.TRAILER_BYTES) {
      return -1;
    }
    ByteBuffer trailer =
        file.read(size - RandomAccessIndex.TRAILER_BYTES, RandomAccessIndex.TRAILER_BYTES);
    long bytes = Integer.toUnsignedLong(trailer.getInt(12));
    if (trailer.getInt(4) != FileRepair.TYPE_MFRO || bytes > MOST_INDEX_BYTES || bytes > size) {
      return -1;
    }
    Box index = file.box(size - bytes);
    return index != null && index.type() == TYPE_MFRA && index.size() == bytes ? size - bytes : -1;
  }

  /** Media time at which the fragment's last picture ends, or -1. */
  private static long fragmentEnd(BoxFile file, long at, Box box) throws IOException {
    if (box.size() < FileRepair.SAMPLES_AT || box.size() > FileRepair.LARGEST_MOOF_BYTES) {
      return -1;
    }
    ByteBuffer moof = file.read(at, (int) box.size());
    int count = moof.getInt(FileRepair.TRUN_AT + 12);
    if (moof.getInt(FileRepair.TFDT_AT + 4) != FileRepair.TYPE_TFDT
        || moof.getInt(FileRepair.TRUN_AT + 4) != FileRepair.TYPE_TRUN
        || count < 0
        || count > (moof.capacity() - FileRepair.SAMPLES_AT) / 12) {
      return -1;
    }
    long end = moof.getLong(FileRepair.TFDT_AT + 12);
    for (int i = 0; i < count; i++) {
      end += Integer.toUnsignedLong(moof.getInt(FileRepair.SAMPLES_AT + 12 * i));
    }
    return end;
  }
}

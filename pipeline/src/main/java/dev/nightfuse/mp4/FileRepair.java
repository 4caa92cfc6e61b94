package dev.nightfuse.mp4;

import dev.nightfuse.mp4.BoxFile.Box;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Finds the end of the last whole fragment of a file that {@link FragmentedMp4} wrote and that was
 * not finished, cuts off the rest and writes the index. A file of someone else is left as it is.
 */
public final class FileRepair {

  private static final int TYPE_FTYP = BoxFile.type("ftyp");
  private static final int TYPE_MOOV = BoxFile.type("moov");
  private static final int TYPE_PRFT = BoxFile.type("prft");
  static final int TYPE_MOOF = BoxFile.type("moof");
  private static final int TYPE_MDAT = BoxFile.type("mdat");
  static final int TYPE_TFDT = BoxFile.type("tfdt");
  static final int TYPE_TRUN = BoxFile.type("trun");
  static final int TYPE_MFRO = BoxFile.type("mfro");

  /** What a file of ours begins with, up to its first picture. */
  private static final int[] FIRST_BOXES = {TYPE_FTYP, TYPE_MOOV, TYPE_PRFT, TYPE_MOOF, TYPE_MDAT};

  /** Positions inside a moof as {@link FragmentedMp4} lays it out. */
  static final int TFDT_AT = 48;

  static final int TRUN_AT = TFDT_AT + 20;
  static final int SAMPLES_AT = TRUN_AT + 20;

  static final int LARGEST_MOOF_BYTES = 1 << 20;
  private static final int HEADER_BYTES = BoxFile.HEADER_BYTES;
  private static final int ZEROS_BYTES = 64 * 1024;

  /** What became of a file. */
  public enum Outcome {
    /** It was finished; nothing was touched. */
    WHOLE,
    /** Whole fragments are kept, the rest was cut off, and the index was written. */
    REPAIRED,
    /** It was cut off before its first picture. It was left alone. */
    EMPTY,
    /** Not a file of ours, or one that cannot be understood. It was left alone. */
    FOREIGN
  }

  private final FileChannel file;
  private final BoxFile boxes;
  private final RandomAccessIndex index = new RandomAccessIndex();
  private long wholeBytes;
  private boolean pictures;

  private FileRepair(FileChannel file) {
    this.file = file;
    this.boxes = new BoxFile(file);
  }

  public static Outcome repair(Path path) throws IOException {
    // Files are whole as a rule, and may be read where they may not be written.
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      if (new FileRepair(file).finished()) {
        return Outcome.WHOLE;
      }
    }
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new FileRepair(file).repair();
    }
  }

  private Outcome repair() throws IOException {
    wholeBytes = initSegmentBytes();
    while (wholeBytes > 0 && fragment()) {
      pictures = true;
    }
    if (!pictures) {
      return cutOffBeforePictures() ? Outcome.EMPTY : Outcome.FOREIGN;
    }
    file.truncate(wholeBytes);
    ByteBuffer bytes = ByteBuffer.wrap(index.toBytes());
    while (bytes.hasRemaining()) {
      file.write(bytes, wholeBytes + bytes.position());
    }
    file.force(true);
    return Outcome.REPAIRED;
  }

  private boolean finished() throws IOException {
    long size = file.size();
    if (size < RandomAccessIndex.TRAILER_BYTES) {
      return false;
    }
    ByteBuffer trailer = boxes.read(size - RandomAccessIndex.TRAILER_BYTES, 8);
    return trailer.getInt(0) == RandomAccessIndex.TRAILER_BYTES && trailer.getInt(4) == TYPE_MFRO;
  }

  /** Length of ftyp and moov, 0 when they are not whole. */
  private long initSegmentBytes() throws IOException {
    Box ftyp = boxes.box(0);
    if (ftyp == null || ftyp.type() != TYPE_FTYP) {
      return 0;
    }
    Box moov = boxes.box(ftyp.size());
    return moov != null && moov.type() == TYPE_MOOV && boxes.fits(ftyp.size(), moov)
        ? ftyp.size() + moov.size()
        : 0;
  }

  /**
   * Whether writing ended, or after a power cut turned to zeros, before the first picture. Such a
   * file is deleted, so anything else that stands in it, such as boxes of another program, says no.
   */
  private boolean cutOffBeforePictures() throws IOException {
    long at = 0;
    long bodyAt = 0;
    for (int type : FIRST_BOXES) {
      bodyAt = at + HEADER_BYTES;
      Box box = boxes.box(at);
      if (box == null || box.type() != type) {
        break;
      }
      if (!boxes.fits(at, box)) {
        return true;
      }
      at += box.size();
    }
    return onlyZerosFrom(bodyAt);
  }

  private boolean onlyZerosFrom(long position) throws IOException {
    for (long at = position; at < file.size(); at += ZEROS_BYTES) {
      ByteBuffer part = boxes.read(at, (int) Math.min(ZEROS_BYTES, file.size() - at));
      while (part.hasRemaining()) {
        if (part.get() != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Steps over one whole fragment; false when none follows. */
  private boolean fragment() throws IOException {
    long at = wholeBytes;
    Box box = boxes.box(at);
    if (box != null && box.type() == TYPE_PRFT && boxes.fits(at, box)) {
      at += box.size();
      box = boxes.box(at);
    }
    if (box == null
        || box.type() != TYPE_MOOF
        || box.size() < SAMPLES_AT
        || box.size() > LARGEST_MOOF_BYTES
        || !boxes.fits(at, box)) {
      return false;
    }
    ByteBuffer moof = boxes.read(at, (int) box.size());
    Box mdat = boxes.box(at + box.size());
    if (mdat == null
        || mdat.type() != TYPE_MDAT
        || !boxes.fits(at + box.size(), mdat)
        || moof.getInt(TFDT_AT + 4) != TYPE_TFDT
        || moof.getInt(TRUN_AT + 4) != TYPE_TRUN
        || !samplesFill(moof, at + box.size(), mdat)) {
      return false;
    }
    if ((moof.getInt(SAMPLES_AT + 8) & FragmentedMp4.NON_SYNC) == 0) {
      index.add(moof.getLong(TFDT_AT + 12), at);
    }
    wholeBytes = at + box.size() + mdat.size();
    return true;
  }

  /**
   * Whether the samples are as long as the data and begin with a possible unit length. After a
   * power cut a file may be as long as it should be and end in zeros.
   */
  private boolean samplesFill(ByteBuffer moof, long mdatAt, Box mdat) throws IOException {
    int count = moof.getInt(TRUN_AT + 12);
    if (count < 1 || count > (moof.capacity() - SAMPLES_AT) / 12) {
      return false;
    }
    long at = HEADER_BYTES;
    for (int i = 0; i < count; i++) {
      long size = Integer.toUnsignedLong(moof.getInt(SAMPLES_AT + 12 * i + 4));
      if (size < 5 || at + size > mdat.size()) {
        return false;
      }
      long unit = Integer.toUnsignedLong(boxes.read(mdatAt + at, 4).getInt(0));
      if (unit == 0 || unit + 4 > size) {
        return false;
      }
      at += size;
    }
    return at == mdat.size();
  }
}

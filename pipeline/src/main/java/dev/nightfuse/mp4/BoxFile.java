package dev.nightfuse.mp4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A file read box by box, at any position. Owns nothing; one thread. */
final class BoxFile {

  static final int HEADER_BYTES = 8;

  private final FileChannel file;

  /** A box's type and its size with the header. */
  record Box(int type, long size) {}

  BoxFile(FileChannel file) {
    this.file = file;
  }

  /** The box header at a position, or null when there is none, or one that cannot be. */
  @Nullable Box box(long at) throws IOException {
    if (at + HEADER_BYTES > file.size()) {
      return null;
    }
    ByteBuffer header = read(at, HEADER_BYTES);
    long size = Integer.toUnsignedLong(header.getInt(0));
    return size < HEADER_BYTES ? null : new Box(header.getInt(4), size);
  }

  boolean fits(long at, Box box) throws IOException {
    return at + box.size <= file.size();
  }

  ByteBuffer read(long at, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  /** Four letters as the number that stands in a header. */
  static int type(String name) {
    return ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)).getInt();
  }
}

package dev.nightfuse.engine.weights;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Exact reads from a file, with bounds checked before memory is taken. */
final class FileBytes {

  private FileBytes() {}

  /** Bytes {@code from} to {@code from + length - 1}, little-endian, position 0. */
  static ByteBuffer read(FileChannel channel, long from, long length) throws IOException {
    if (from < 0
        || length < 0
        || length > Integer.MAX_VALUE - 8
        || from > channel.size() - length) {
      throw new EOFException(
          "truncated file: bytes %d to %d wanted, %d there"
              .formatted(from, from + length, channel.size()));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException("truncated file");
      }
    }
    return bytes.flip();
  }
}

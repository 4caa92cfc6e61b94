package dev.nightfuse.gst;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Owner of one mapping of a GStreamer buffer into memory. {@link #close()} ends the mapping; a view
 * that is kept longer points to memory that is someone else's by then.
 */
public final class MappedBuffer implements AutoCloseable {

  private final long buffer;
  private final ByteBuffer bytes;
  private long info;

  MappedBuffer(long buffer) throws GstException {
    this.buffer = buffer;
    this.info = Native.malloc(GstNative.MAP_INFO_SIZE_BYTES);
    if (GstNative.gst_buffer_map(buffer, info, GstNative.MAP_READ) == 0) {
      Native.free(info);
      info = 0;
      throw new GstException("a GStreamer buffer cannot be mapped for reading");
    }
    Pointer fields = new Pointer(info);
    long size = fields.getLong(GstNative.MAP_INFO_SIZE_OFFSET);
    this.bytes =
        new Pointer(fields.getLong(GstNative.MAP_INFO_DATA_OFFSET))
            .getByteBuffer(0, size)
            .order(ByteOrder.nativeOrder());
  }

  /** All bytes; to be read, not written, and only while the mapping is open. */
  public ByteBuffer bytes() {
    if (info == 0) {
      throw new IllegalStateException("use of a mapping that was closed");
    }
    return bytes;
  }

  public int sizeBytes() {
    return bytes.capacity();
  }

  @Override
  public void close() {
    if (info != 0) {
      GstNative.gst_buffer_unmap(buffer, info);
      Native.free(info);
      info = 0;
    }
  }
}

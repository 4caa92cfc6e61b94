package dev.nightfuse.gst;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one copy of a captured picture: from a mapped GStreamer buffer, with its plane offsets and
 * padded rows, into a frame's tight planes. 16 bits stay 16 bits.
 *
 * <p>Ranges are put right on the way, because GStreamer's short cuts between planar formats forget
 * about them: I420 ends in limited range, luma that is taken alone in full range.
 *
 * <p>One thread. Knows the layout of the last caps it saw, which it holds a reference to.
 */
public final class FrameCopier implements AutoCloseable {

  /** Colour formats whose first plane is 8-bit luma. */
  private static final Set<String> PLANAR_COLOUR =
      Set.of("I420", "YV12", "NV12", "NV21", "Y42B", "Y444");

  private final boolean lumaOnly;
  private final long info = Native.malloc(GstNative.VIDEO_INFO_SIZE_BYTES);
  private final Pointer infoFields = new Pointer(info);
  private final long[] offsets = new long[4];
  private final int[] strides = new int[4];
  private long knownCaps;
  private @Nullable FrameFormat format;
  private final @Nullable SampleTable[] tables = new SampleTable[3];
  private long frameDurationNs;
  private boolean closed;

  /**
   * @param lumaOnly whether of planar 8-bit colour only luma is wanted, as {@link
   *     PixelFormat#GRAY8}
   */
  public FrameCopier(boolean lumaOnly) {
    this.lumaOnly = lumaOnly;
  }

  /**
   * Reads the layout of a sample. Cheap while it does not change.
   *
   * @return its format; the same object as long as nothing changed
   * @throws GstException when it is none that a {@link Frame} can hold
   */
  public FrameFormat formatOf(GstSample sample) throws GstException {
    if (closed) {
      throw new IllegalStateException("use of a copier that was closed");
    }
    long caps = sample.caps();
    FrameFormat known = format;
    if (known != null && caps == knownCaps) {
      return known;
    }
    if (caps == 0 || GstNative.gst_video_info_from_caps(info, caps) == 0) {
      throw new GstException("not raw video: " + (caps == 0 ? "no caps" : sample.capsText()));
    }
    FrameFormat found = readFormat();
    forgetCaps();
    knownCaps = GstNative.gst_mini_object_ref(caps);
    // Caps may differ in ways that do not matter here, such as the frame rate.
    format = known != null && known.equals(found) ? known : found;
    return format;
  }

  private FrameFormat readFormat() throws GstException {
    int fpsN = infoFields.getInt(GstNative.VIDEO_INFO_FPS_N_OFFSET);
    int fpsD = infoFields.getInt(GstNative.VIDEO_INFO_FPS_D_OFFSET);
    frameDurationNs = fpsN > 0 ? 1_000_000_000L * fpsD / fpsN : 0;
    String name =
        GstNative.text(infoFields.getPointer(0).getLong(GstNative.VIDEO_FORMAT_INFO_NAME_OFFSET));
    PixelFormat pixels = pixelFormat(String.valueOf(name));
    try {
      return new FrameFormat(
          pixels,
          infoFields.getInt(GstNative.VIDEO_INFO_WIDTH_OFFSET),
          infoFields.getInt(GstNative.VIDEO_INFO_HEIGHT_OFFSET));
    } catch (IllegalArgumentException e) {
      throw new GstException(String.valueOf(e.getMessage()), e);
    }
  }

  private PixelFormat pixelFormat(String name) throws GstException {
    int range = infoFields.getInt(GstNative.VIDEO_INFO_RANGE_OFFSET);
    Arrays.fill(tables, null);
    if (lumaOnly && PLANAR_COLOUR.contains(name)) {
      tables[0] = range == GstNative.RANGE_LIMITED ? SampleTable.widenLuma() : null;
      return PixelFormat.GRAY8;
    }
    if (name.equals("I420") && range == GstNative.RANGE_FULL) {
      tables[0] = SampleTable.narrowLuma();
      tables[1] = SampleTable.narrowChroma();
      tables[2] = tables[1];
    }
    for (PixelFormat pixels : PixelFormat.values()) {
      if (AppSource.gstName(pixels).equals(name)) {
        return pixels;
      }
    }
    throw new GstException("pixel format " + name + " cannot be held in a frame");
  }

  /** Nominal time between frames of the last caps, or 0 when they name none. */
  public long frameDurationNs() {
    return frameDurationNs;
  }

  /**
   * Copies a sample's picture.
   *
   * @throws GstException when the buffer is too small for what its caps say
   */
  public void copy(GstSample sample, Frame into) throws GstException {
    FrameFormat expected = formatOf(sample);
    if (!expected.equals(into.format())) {
      throw new IllegalArgumentException(
          "a picture %s into a frame %s".formatted(expected, into.format()));
    }
    int planes = expected.pixelFormat().planes();
    readLayout(sample, planes);
    try (MappedBuffer mapped = sample.map()) {
      for (int p = 0; p < planes; p++) {
        copyPlane(mapped.bytes(), expected, p, into.plane(p));
      }
    }
  }

  private void readLayout(GstSample sample, int planes) {
    long meta = sample.videoMeta();
    Pointer fields = meta == 0 ? infoFields : new Pointer(meta);
    int offsetsAt =
        meta == 0 ? GstNative.VIDEO_INFO_OFFSETS_OFFSET : GstNative.VIDEO_META_OFFSETS_OFFSET;
    int stridesAt =
        meta == 0 ? GstNative.VIDEO_INFO_STRIDES_OFFSET : GstNative.VIDEO_META_STRIDES_OFFSET;
    for (int p = 0; p < planes; p++) {
      offsets[p] = fields.getLong(offsetsAt + 8L * p);
      strides[p] = fields.getInt(stridesAt + 4L * p);
    }
  }

  /**
   * Bounds: the last row read ends at {@code offset + (rows - 1) * stride + rowBytes}, which is
   * checked against the mapping; the frame's plane is {@code rows * rowBytes} by construction.
   * Absolute accesses are also checked by the buffers themselves.
   */
  private void copyPlane(ByteBuffer from, FrameFormat layout, int p, ByteBuffer into)
      throws GstException {
    int rows = layout.planeHeight(p);
    int rowBytes = layout.planeWidth(p) * layout.pixelFormat().bytesPerSample();
    long end = offsets[p] + (long) (rows - 1) * strides[p] + rowBytes;
    if (strides[p] < rowBytes || offsets[p] < 0 || end > from.capacity()) {
      throw new GstException(
          "a buffer of %d bytes does not hold a picture %s with rows of %d bytes"
              .formatted(from.capacity(), layout, strides[p]));
    }
    int start = (int) offsets[p];
    SampleTable table = tables[p];
    if (strides[p] == rowBytes && table == null) {
      into.put(0, from, start, rows * rowBytes);
      return;
    }
    for (int row = 0; row < rows; row++) {
      if (table != null) {
        table.copyRow(from, start + row * strides[p], into, row * rowBytes, rowBytes);
      } else {
        into.put(row * rowBytes, from, start + row * strides[p], rowBytes);
      }
    }
  }

  private void forgetCaps() {
    if (knownCaps != 0) {
      GstNative.gst_mini_object_unref(knownCaps);
      knownCaps = 0;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      forgetCaps();
      Native.free(info);
    }
  }
}

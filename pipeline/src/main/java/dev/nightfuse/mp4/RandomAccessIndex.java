package dev.nightfuse.mp4;

import java.util.Arrays;

/**
 * The box at the end of a finished file ({@code mfra}, ISO/IEC 14496-12 section 8.8.9): where each
 * fragment that starts with a key frame is. Players seek by it; we also know by it that a file is
 * whole. Not thread-safe.
 */
public final class RandomAccessIndex {

  /** Size of the {@code mfro} box that ends the index, and with it the file. */
  static final int TRAILER_BYTES = 16;

  private long[] times = new long[64];
  private long[] offsets = new long[64];
  private int entries;

  /**
   * Adds a fragment whose first picture is a key frame.
   *
   * @param time its media time
   * @param moofOffset position of its {@code moof} in the file
   */
  public void add(long time, long moofOffset) {
    if (entries == times.length) {
      times = Arrays.copyOf(times, 2 * entries);
      offsets = Arrays.copyOf(offsets, 2 * entries);
    }
    times[entries] = time;
    offsets[entries] = moofOffset;
    entries++;
  }

  public byte[] toBytes() {
    BoxWriter out = new BoxWriter();
    out.box("mfra");
    // Numbers of track fragment, run and sample take one byte each.
    out.fullBox("tfra", 1, 0).u32(FragmentedMp4.TRACK_ID).u32(0).u32(entries);
    for (int i = 0; i < entries; i++) {
      out.u64(times[i]).u64(offsets[i]).u8(1).u8(1).u8(1);
    }
    out.end();
    out.fullBox("mfro", 0, 0).u32(out.size() + 4L).end();
    return out.end().toBytes();
  }
}

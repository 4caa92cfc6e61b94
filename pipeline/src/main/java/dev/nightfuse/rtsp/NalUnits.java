package dev.nightfuse.rtsp;

import java.util.Arrays;

/**
 * Finds the NAL units of an Annex B byte stream (H.264 Annex B.1). Reused from picture to picture;
 * the table grows to the largest number of units seen.
 */
final class NalUnits {
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private int count;

  /** Number of units in {@code stream}; {@link #start} and {@link #end} then tell where. */
  int scan(byte[] stream) {
    count = 0;
    int unitStart = -1;
    int i = 0;
    while (i + 2 < stream.length) {
      if (stream[i + 2] > 1 || stream[i + 2] < 0) {
        i += 3; // No start code can cover this byte.
      } else if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        close(stream, unitStart, i);
        unitStart = i + 3;
        i += 3;
      } else {
        i++;
      }
    }
    close(stream, unitStart, stream.length);
    return count;
  }

  int start(int index) {
    return starts[index];
  }

  int end(int index) {
    return ends[index];
  }

  private void close(byte[] stream, int start, int end) {
    if (start < 0) {
      return;
    }
    int last = end;
    while (last > start && stream[last - 1] == 0) {
      last--; // trailing_zero_8bits and the first byte of a four-byte start code
    }
    if (last > start) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
        ends = Arrays.copyOf(ends, 2 * count);
      }
      starts[count] = start;
      ends[count++] = last;
    }
  }
}

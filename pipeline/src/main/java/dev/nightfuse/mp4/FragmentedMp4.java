package dev.nightfuse.mp4;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.util.List;

/**
 * One fragmented MP4 with one H.264 track: an initialisation segment, then fragments in order.
 *
 * <p><b>Times.</b> Media time 0 is {@code originNs} on the frame clock; the timescale is 90 kHz.
 * Every capture time is rounded to the timescale once, and durations are differences of the rounded
 * times, so that errors never add up. Pictures are shown in the order they are encoded.
 *
 * <p><b>Threads.</b> One at a time; the working buffer is reused between fragments.
 */
public final class FragmentedMp4 {

  public static final int TIMESCALE_HZ = 90_000;

  static final int TRACK_ID = 1;
  private static final int SYNC_SAMPLE = 0x0200_0000;

  /** {@code sample_is_non_sync_sample}. */
  static final int NON_SYNC = 0x0001_0000;

  private static final int DEPENDENT_SAMPLE = 0x0100_0000 | NON_SYNC;

  private final StreamInfo info;
  private final long originNs;
  private final long originWallNs;
  private final BoxWriter out = new BoxWriter();
  private int fragments;

  /**
   * @param info the stream; its parameter sets must be those of the access units
   * @param originNs capture time of the first picture
   * @param originWallNs the same moment since 1970-01-01 UTC, written as the creation time
   */
  public FragmentedMp4(StreamInfo info, long originNs, long originWallNs) {
    if (info.sps().length < 4 || info.pps().length == 0) {
      throw new IllegalArgumentException(
          "parameter sets of %d and %d bytes: an SPS has at least 4, a PPS at least 1"
              .formatted(info.sps().length, info.pps().length));
    }
    this.info = info;
    this.originNs = originNs;
    this.originWallNs = originWallNs;
  }

  /** The codec as browsers and playlists name it (RFC 6381): {@code avc1.42c01e}. */
  public static String codec(StreamInfo info) {
    byte[] sps = info.sps();
    return "avc1.%02x%02x%02x".formatted(sps[1], sps[2], sps[3]);
  }

  /** {@code ftyp} and {@code moov}. */
  public byte[] initSegment() {
    return InitSegment.of(info, TRACK_ID, TIMESCALE_HZ, originWallNs);
  }

  /** Media time of a moment on the frame clock, in units of the timescale. */
  public long mediaTime(long captureNs) {
    // 90,000 ticks are 10^9 ns, so 9 are 10^5; rounded to the nearest.
    return Math.floorDiv((captureNs - originNs) * 9 + 50_000, 100_000);
  }

  /**
   * One fragment whose pictures last until the next one is captured. It begins with the UTC time of
   * its first picture ({@code prft}, ISO/IEC 14496-12 section 8.16.5), so that a recording can be
   * set against other logs to the fraction of a millisecond.
   *
   * @param units at least one, capture times increasing
   * @param endNs capture time of the picture after the last one, or the best estimate of it
   */
  public byte[] fragment(List<AccessUnit> units, long endNs) {
    int count = units.size();
    long[] times = new long[count + 1];
    for (int i = 0; i < count; i++) {
      times[i] = mediaTime(units.get(i).captureNs());
    }
    times[count] = mediaTime(endNs);
    out.reset();
    if (count > 0) {
      out.fullBox("prft", 1, 0).u32(TRACK_ID).u64(ntp(units.get(0).captureWallNs())).u64(times[0]);
      out.end();
    }
    return movieFragment(units, times);
  }

  /**
   * One fragment with given media times.
   *
   * @param times start of each unit and the end of the last, in units of the timescale
   */
  byte[] fragment(List<AccessUnit> units, long[] times) {
    out.reset();
    return movieFragment(units, times);
  }

  private byte[] movieFragment(List<AccessUnit> units, long[] times) {
    int count = units.size();
    if (count == 0 || times[0] < 0) {
      throw new IllegalArgumentException(
          "fragment of %d units at %d: at least one, not before the origin"
              .formatted(count, times[0]));
    }
    int moofAt = out.size();
    out.box("moof");
    out.fullBox("mfhd", 0, 0).u32(++fragments).end();
    out.box("traf");
    // default-base-is-moof: offsets count from this moof, so fragments can be cut out and moved.
    out.fullBox("tfhd", 0, 0x02_0000).u32(TRACK_ID).end();
    out.fullBox("tfdt", 1, 0).u64(times[0]).end();
    // Present: data offset; per sample duration, size and flags.
    out.fullBox("trun", 0, 0x701).u32(count);
    int dataOffsetAt = out.size();
    out.u32(0);
    int sampleTableAt = out.size();
    for (int i = 0; i < count; i++) {
      long duration = Math.max(1, Math.min(times[i + 1] - times[i], 0xffff_ffffL));
      out.u32(duration).u32(0).u32(units.get(i).keyFrame() ? SYNC_SAMPLE : DEPENDENT_SAMPLE);
    }
    out.end().end().end();
    out.patchU32(dataOffsetAt, out.size() - moofAt + 8L);
    out.box("mdat");
    for (int i = 0; i < count; i++) {
      int sampleAt = out.size();
      sample(units.get(i).payload());
      out.patchU32(sampleTableAt + 12 * i + 4, out.size() - sampleAt);
    }
    return out.end().toBytes();
  }

  /** 32 bits of seconds since 1900 and 32 bits of fraction, RFC 5905. */
  private static long ntp(long wallNs) {
    long seconds = Math.floorDiv(wallNs, 1_000_000_000L) + 2_208_988_800L;
    return (seconds << 32) | ((Math.floorMod(wallNs, 1_000_000_000L) << 32) / 1_000_000_000L);
  }

  /**
   * Annex B to four-byte lengths. Delimiters say nothing here, and parameter sets belong into the
   * sample entry of an {@code avc1} track.
   */
  private void sample(byte[] annexB) {
    NalCursor nal = new NalCursor(annexB);
    while (nal.next()) {
      int type = nal.type();
      if (type != NalCursor.ACCESS_UNIT_DELIMITER
          && type != NalCursor.SPS
          && type != NalCursor.PPS) {
        out.u32(nal.length()).put(annexB, nal.offset(), nal.length());
      }
    }
  }
}

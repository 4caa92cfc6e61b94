package dev.nightfuse.mp4;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.util.List;

/**
 * The byte stream of one live viewer: one fragment per picture, sent the moment it is encoded, so
 * before anyone knows how long the picture lasts.
 *
 * <p><b>Times.</b> Media time 0 is the first picture. The length of a picture is estimated from the
 * rate so far, and the next picture starts exactly where it ended: Media Source treats a gap of
 * more than two frames as a break and drops everything up to the next key frame, so there are none.
 * The error does not add up, because each picture lasts until its own capture time plus one
 * estimated period.
 *
 * <p>One viewer, one thread at a time. The first unit must be a key frame.
 */
public final class LiveFragments {

  private StreamInfo info;
  private final FirstUnit first;
  private FragmentedMp4 mp4;
  private double periodNs;
  private long lastCaptureNs;
  private long nextTime;

  private record FirstUnit(long captureNs, long wallNs) {}

  /**
   * @param info as the stream gave it; a key frame with other parameter sets replaces them
   * @param first the first unit, which is still to be given to {@link #next}
   */
  public LiveFragments(StreamInfo info, AccessUnit first) {
    if (!first.keyFrame()) {
      throw new IllegalArgumentException(
          "first unit #%d is no key frame: decoding must start at one".formatted(first.sequence()));
    }
    StreamInfo changed = ParameterSets.change(info, first);
    this.info = changed == null ? info : changed;
    this.first = new FirstUnit(first.captureNs(), first.captureWallNs());
    this.mp4 = new FragmentedMp4(this.info, this.first.captureNs, this.first.wallNs);
    this.periodNs = 1e9 / Math.max(1, info.framesPerSecond());
    this.lastCaptureNs = first.captureNs();
  }

  /** Capture time of media time 0. */
  public long originNs() {
    return first.captureNs;
  }

  /** Sent once, before the first fragment. */
  public byte[] initSegment() {
    return mp4.initSegment();
  }

  /**
   * The bytes of one picture. After a change of the encoder a new initialisation segment comes in
   * front; Media Source takes both in one append.
   */
  public byte[] next(AccessUnit unit) {
    StreamInfo changed = ParameterSets.change(info, unit);
    byte[] prefix = {};
    if (changed != null) {
      info = changed;
      mp4 = new FragmentedMp4(info, first.captureNs, first.wallNs);
      prefix = mp4.initSegment();
    }
    // Clipped, so that a lost frame hardly moves the estimate while a change of rate does.
    double deltaNs = unit.captureNs() - lastCaptureNs;
    if (deltaNs > 0) {
      periodNs += (Math.max(periodNs / 2, Math.min(deltaNs, periodNs * 3 / 2)) - periodNs) / 8;
    }
    lastCaptureNs = unit.captureNs();
    long start = nextTime;
    nextTime = Math.max(start + 1, mp4.mediaTime(unit.captureNs() + Math.round(periodNs)));
    byte[] fragment = mp4.fragment(List.of(unit), new long[] {start, nextTime});
    return prefix.length == 0 ? fragment : joined(prefix, fragment);
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = new byte[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}

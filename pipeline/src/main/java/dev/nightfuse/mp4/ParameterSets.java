package dev.nightfuse.mp4;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** SPS and PPS as they travel in front of a key frame. */
public final class ParameterSets {

  private ParameterSets() {}

  /**
   * The stream's description with the parameter sets that {@code unit} carries, or null when it
   * carries none or the same.
   */
  public static @Nullable StreamInfo change(StreamInfo info, AccessUnit unit) {
    if (!unit.keyFrame()) {
      return null;
    }
    byte[] sps = sps(unit.payload());
    byte[] pps = pps(unit.payload());
    if (sps == null || pps == null || !differ(info, sps, pps)) {
      return null;
    }
    return new StreamInfo(info.widthPx(), info.heightPx(), info.framesPerSecond(), sps, pps);
  }

  /** The first sequence parameter set in a byte stream, without start code. */
  public static byte @Nullable [] sps(byte[] annexB) {
    return find(annexB, NalCursor.SPS);
  }

  /** The first picture parameter set in a byte stream, without start code. */
  public static byte @Nullable [] pps(byte[] annexB) {
    return find(annexB, NalCursor.PPS);
  }

  /** Whether these are others than those of {@code info}. */
  public static boolean differ(StreamInfo info, byte[] sps, byte[] pps) {
    return !Arrays.equals(sps, info.sps()) || !Arrays.equals(pps, info.pps());
  }

  /** Whether the picture is an IDR picture. */
  public static boolean hasIdr(byte[] annexB) {
    NalCursor nal = new NalCursor(annexB);
    while (nal.next()) {
      if (nal.type() <= NalCursor.SLICE_IDR) {
        return nal.type() == NalCursor.SLICE_IDR;
      }
    }
    return false;
  }

  private static byte @Nullable [] find(byte[] annexB, int type) {
    NalCursor nal = new NalCursor(annexB);
    while (nal.next() && nal.type() > NalCursor.SLICE_IDR) {
      if (nal.type() == type) {
        return Arrays.copyOfRange(annexB, nal.offset(), nal.offset() + nal.length());
      }
    }
    return null;
  }
}

package dev.nightfuse.testing;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.io.ByteArrayOutputStream;

/**
 * A valid H.264 stream without an encoder, for tests: key frames of raw (I_PCM) macroblocks in one
 * grey, and in between pictures that skip every macroblock. Constrained Baseline, one slice.
 */
public final class TinyH264 {

  private final int widthMbs;
  private final int heightMbs;
  private final double framesPerSecond;
  private int frameNumber;
  private int idrCount;

  public TinyH264(int widthPx, int heightPx, double framesPerSecond) {
    if (widthPx % 16 != 0 || heightPx % 16 != 0) {
      throw new IllegalArgumentException("both sides must be multiples of 16");
    }
    this.widthMbs = widthPx / 16;
    this.heightMbs = heightPx / 16;
    this.framesPerSecond = framesPerSecond;
  }

  public StreamInfo info() {
    return new StreamInfo(widthMbs * 16, heightMbs * 16, framesPerSecond, sps(), pps());
  }

  /** SPS, PPS and an IDR picture of one grey level. */
  public byte[] keyFrame(int grey) {
    frameNumber = 0;
    Bits slice = new Bits();
    // first_mb, slice_type I, pps, frame_num, idr_pic_id, two marking flags, qp delta, no deblock.
    slice.ue(0).ue(7).ue(0).u(8, 0).ue(idrCount++ & 1).u(2, 0).ue(0).ue(1);
    for (int mb = 0; mb < widthMbs * heightMbs; mb++) {
      slice.ue(25).align();
      for (int i = 0; i < 384; i++) {
        slice.u(8, i < 256 ? grey : 128);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    nal(out, sps());
    nal(out, pps());
    nal(out, unit(0x65, slice));
    return out.toByteArray();
  }

  /** A picture that repeats the one before. */
  public byte[] repeat() {
    frameNumber = (frameNumber + 1) & 0xff;
    Bits slice = new Bits();
    // slice_type P, no override, no reordering, sliding window.
    slice.ue(0).ue(5).ue(0).u(8, frameNumber).u(3, 0).ue(0).ue(1).ue(widthMbs * heightMbs);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    nal(out, unit(0x41, slice));
    return out.toByteArray();
  }

  /** The {@code index}-th picture of a stream with a key frame every {@code groupUnits}. */
  public AccessUnit unit(long index, int groupUnits, long captureNs) {
    boolean key = index % groupUnits == 0;
    return new AccessUnit(
        key ? keyFrame((int) (40 + index % 160)) : repeat(),
        key,
        index,
        captureNs,
        1_795_000_000_000_000_000L + captureNs,
        0);
  }

  private byte[] sps() {
    Bits b = new Bits();
    b.u(8, 66).u(8, 0xc0).u(8, 30).ue(0).ue(4).ue(2).ue(1).u(1, 0);
    b.ue(widthMbs - 1).ue(heightMbs - 1).u(1, 1).u(1, 1).u(1, 0).u(1, 0);
    return unit(0x67, b);
  }

  private static byte[] pps() {
    Bits b = new Bits();
    b.ue(0).ue(0).u(2, 0).ue(0).ue(0).ue(0).u(3, 0).ue(0).ue(0).ue(0).u(3, 4);
    return unit(0x68, b);
  }

  private static void nal(ByteArrayOutputStream out, byte[] unit) {
    out.writeBytes(new byte[] {0, 0, 0, 1});
    out.writeBytes(unit);
  }

  /** Header, payload with trailing bit, emulation prevention (H.264 section 7.4.1). */
  private static byte[] unit(int header, Bits payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header);
    int zeros = 0;
    for (byte b : payload.u(1, 1).align().bytes.toByteArray()) {
      if (zeros == 2 && (b & 0xfc) == 0) {
        out.write(3);
        zeros = 0;
      }
      out.write(b);
      zeros = b == 0 ? zeros + 1 : 0;
    }
    return out.toByteArray();
  }

  private static final class Bits {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int current;
    private int count;

    Bits u(int width, int value) {
      for (int i = width - 1; i >= 0; i--) {
        current = (current << 1) | ((value >>> i) & 1);
        if (++count == 8) {
          bytes.write(current);
          current = 0;
          count = 0;
        }
      }
      return this;
    }

    /** Exp-Golomb, H.264 section 9.1; also se(0), which is the same bit. */
    Bits ue(int value) {
      int width = 32 - Integer.numberOfLeadingZeros(value + 1);
      return u(width - 1, 0).u(width, value + 1);
    }

    Bits align() {
      while (count != 0) {
        u(1, 0);
      }
      return this;
    }
  }
}

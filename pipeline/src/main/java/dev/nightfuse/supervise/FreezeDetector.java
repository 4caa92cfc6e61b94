package dev.nightfuse.supervise;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a camera delivers one picture over and over: sensors are noisy, so a picture that
 * equals the one before in every bit is that one once more. Only a blank visible one may be new
 * every time: of a night below the sensor's black level, or a covered lens, no noise is left.
 *
 * <p>Remembers the last picture by its checksum, and so also from one opening of the camera to the
 * next. One thread at a time; keeps no frame. The clock is that of the frames' arrival.
 */
final class FreezeDetector {

  private static final long MILLI_NS = 1_000_000;

  private static final int LEVELS = 256;

  /** Of a blank picture: what compression and an uneven black level leave. */
  private static final int BLANK_LEVELS = 16;

  /** One pixel of so many may be another: hot ones, with what compression makes of them. */
  private static final int PIXELS_PER_SPOT = 1_000;

  private final boolean visible;
  private final CRC32C checksum = new CRC32C();
  private @Nullable FrameFormat format;
  private long last;
  private long sinceNs;

  /** Whether it is blank; known once it would be old. */
  private @Nullable Boolean blank;

  FreezeDetector(Modality modality) {
    this.visible = modality == Modality.VISIBLE;
  }

  /**
   * Whether this is a picture that first came {@code limitMs} ago or earlier, and no other since.
   */
  boolean isOld(Frame frame, long limitMs) {
    checksum.reset();
    checksum.update(frame.data().duplicate().clear());
    long now = checksum.getValue();
    if (now != last || !frame.format().equals(format)) {
      last = now;
      format = frame.format();
      sinceNs = frame.arrivalNs();
      blank = null;
      return false;
    }
    if (frame.arrivalNs() - sinceNs < limitMs * MILLI_NS) {
      return false;
    }
    Boolean known = blank;
    if (known == null) {
      known = visible && isBlank(frame.plane(0));
      blank = known;
    }
    return !known;
  }

  /** Whether nearly all of 8-bit luma is of a few neighbouring levels. */
  private static boolean isBlank(ByteBuffer luma) {
    int[] pixels = new int[LEVELS];
    int all = luma.capacity();
    for (int i = 0; i < all; i++) {
      pixels[luma.get(i) & 0xff]++;
    }
    int most = 0;
    int near = 0;
    for (int level = 0; level < LEVELS; level++) {
      near += pixels[level] - (level >= BLANK_LEVELS ? pixels[level - BLANK_LEVELS] : 0);
      most = Math.max(most, near);
    }
    return all - most <= all / PIXELS_PER_SPOT;
  }
}

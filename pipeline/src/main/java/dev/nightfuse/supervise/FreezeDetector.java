package dev.nightfuse.supervise;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a camera delivers one picture over and over: sensors are noisy, so a thermal picture
 * that equals the one before in every bit is that one once more.
 *
 * <p>Remembers the last picture by its checksum, and so also from one opening of the camera to the
 * next. One thread at a time; keeps no frame. The clock is that of the frames' arrival.
 */
final class FreezeDetector {

  private static final long MILLI_NS = 1_000_000;

  private final CRC32C checksum = new CRC32C();
  private @Nullable FrameFormat format;
  private long last;
  private long sinceNs;

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
      return false;
    }
    return frame.arrivalNs() - sinceNs >= limitMs * MILLI_NS;
  }
}

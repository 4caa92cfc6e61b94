package dev.nightfuse.encode;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * Turns I420 frames of one size into H.264 access units.
 *
 * <p><b>Threads.</b> {@link #push}, {@link #requestKeyFrame}, {@link #failure} and {@link #close}
 * by one thread at a time; the listener is called by the encoder's own thread and never after
 * {@code close} returned in time.
 *
 * <p><b>States.</b> Running from construction on; failed once {@link #failure} says why; closed. It
 * does not repair itself: whoever owns it closes it and opens another.
 *
 * <p><b>Ownership.</b> A pushed frame stays the caller's; its samples are copied before push
 * returns.
 *
 * <p><b>Clock.</b> Capture times are on the frame clock, strictly increasing, and come out as they
 * went in.
 */
public interface VideoEncoder extends AutoCloseable {

  /** For rate control where nobody knows better. */
  double USUAL_FPS = 30;

  /** Takes what comes out. Must return at once. */
  interface Listener {

    /** Parameters of the stream; before the first unit and again when they change. */
    void described(StreamInfo info);

    void encoded(AccessUnit unit);
  }

  /** Opens encoders; safe for every thread. */
  interface Factory {

    /** Name of the encoder, for status. */
    String name();

    /**
     * @param format I420; of odd sides the even part is encoded
     * @param framesPerSecond how many pictures will come, which the bit rate is spread over
     */
    VideoEncoder open(FrameFormat format, double framesPerSecond, Listener listener)
        throws EncoderException;

    /** At {@link #USUAL_FPS}. */
    default VideoEncoder open(FrameFormat format, Listener listener) throws EncoderException {
      return open(format, USUAL_FPS, listener);
    }
  }

  /**
   * Encodes one frame.
   *
   * @param contentAgeNs how much older than {@code captureNs} the picture's content is
   * @return false when it was dropped, and counted, because the encoder is still busy
   */
  boolean push(Frame frame, long captureNs, long captureWallNs, long contentAgeNs);

  /** A picture of that very moment. */
  default boolean push(Frame frame, long captureNs, long captureWallNs) {
    return push(frame, captureNs, captureWallNs, 0);
  }

  /** The next frame pushed becomes a key frame. */
  void requestKeyFrame();

  /** Why nothing comes out any more, or null while all is well. */
  @Nullable String failure();

  /** Bounded: an encoder that hangs is left behind, and logged. Idempotent. */
  @Override
  void close();
}

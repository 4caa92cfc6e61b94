package dev.nightfuse.camera;

/**
 * One attempt at one camera.
 *
 * <p><b>Thread.</b> {@link #run} works on the caller's thread and calls the sink from it (or from
 * one thread that it has joined before it returns). <b>States.</b> A source runs once; after a loss
 * the supervisor opens a new one. Sources never retry themselves. <b>Ownership.</b> Everything
 * native that a source opened is closed when {@code run} returns or throws.
 */
@FunctionalInterface
public interface CameraSource {

  /**
   * Delivers frames until asked to stop or until a finite source is at its end; both return
   * normally.
   *
   * @throws CameraException when the camera cannot be opened, stops delivering, or is lost
   */
  void run(FrameSink sink, StopSignal stop) throws CameraException;

  /** How long its first frame may take; 0 where it is as quick as any camera. Any thread. */
  default long connectMs() {
    return 0;
  }

  /** How long it may be silent between frames; 0 where its rate is to be seen. Any thread. */
  default long silenceMs() {
    return 0;
  }

  /**
   * How long it may deliver one picture over and over before that counts as an old picture; 0 where
   * equal pictures say nothing. Any thread.
   */
  default long freezeMs() {
    return 0;
  }
}

package dev.nightfuse.app;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.GroundTruth;
import org.jspecify.annotations.Nullable;

/**
 * Takes every so-many-th frame of a simulated camera until it has enough. Called from the camera's
 * thread; asked about afterwards.
 */
final class FrameTaker implements FrameSink {

  /** What is done with a frame that is taken; the frame is released afterwards. */
  @FunctionalInterface
  interface Use {
    void frame(Frame frame, GroundTruth truth) throws UserErrorException;
  }

  private final Use use;
  private final int every;
  private final int wanted;
  private int taken;
  private @Nullable FrameFormat format;
  private @Nullable UserErrorException failure;

  FrameTaker(Use use, int every, int wanted) {
    this.use = use;
    this.every = every;
    this.wanted = wanted;
  }

  /** Whether the camera may stop. */
  boolean done() {
    return taken == wanted || failure != null;
  }

  FrameFormat format() {
    if (format == null) {
      throw new IllegalStateException("asked for the format before the camera started");
    }
    return format;
  }

  void rethrow() throws UserErrorException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void started(FrameFormat newFormat) {
    format = newFormat;
  }

  @Override
  public void frame(Frame frame) {
    try {
      GroundTruth truth = frame.truth();
      if (truth != null && !done() && truth.frameNumber() % every == 0) {
        use.frame(frame, truth);
        taken++;
      }
    } catch (UserErrorException e) {
      failure = e;
    } finally {
      frame.release();
    }
  }

  @Override
  public void event(CameraEvent event) {}
}

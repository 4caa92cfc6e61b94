package dev.nightfuse.camera;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;

/**
 * Where a camera's frames go. Called from one thread at a time; must not block when the camera is
 * live.
 */
public interface FrameSink {

  /** Before the first frame, and again whenever the picture's size or layout changes. */
  void started(FrameFormat format);

  /** A stamped frame, in capture order. The sink owns the reference and releases it. */
  void frame(Frame frame);

  /** Something happened that is not a frame and not a failure. */
  void event(CameraEvent event);
}

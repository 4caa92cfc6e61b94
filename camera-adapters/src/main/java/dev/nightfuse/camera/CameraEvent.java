package dev.nightfuse.camera;

/** Things that a camera tells, or that are seen of it, besides its frames. None is a failure. */
public enum CameraEvent {
  /**
   * Flat-field correction began: the shutter is closed and no new picture comes until it ends. Not
   * a loss.
   */
  FFC_STARTED,
  FFC_ENDED,
  /**
   * It goes on repeating an old picture, as one does that hangs. Its next frame is a new picture.
   */
  FROZEN,
  /** The camera or its transport lost a frame before it reached us. */
  FRAME_LOST,
  /** A finite source is at its end; {@code run} returns next. */
  END_OF_STREAM
}

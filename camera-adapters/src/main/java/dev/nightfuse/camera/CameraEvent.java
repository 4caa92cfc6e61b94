package dev.nightfuse.camera;

/** Things that a camera tells besides its frames. None of them is a failure. */
public enum CameraEvent {
  /**
   * Flat-field correction began: the shutter is closed and no new picture comes until it ends. Not
   * a loss.
   */
  FFC_STARTED,
  FFC_ENDED,
  /** The camera or its transport lost a frame before it reached us. */
  FRAME_LOST,
  /** A finite source is at its end; {@code run} returns next. */
  END_OF_STREAM
}

package dev.nightfuse.supervise;

/**
 * What a supervised camera is doing.
 *
 * <pre>
 *  CONNECTING --first frame--> READY --FFC_STARTED--> FFC --FFC_ENDED or a frame--> READY
 *                              READY --FROZEN--> FROZEN --a frame--> READY
 *  any of them --failed or silent--> LOST --next attempt--> CONNECTING
 *  any but LOST --end of a recording--> ENDED
 * </pre>
 */
public enum CameraState {
  CONNECTING,
  READY,
  /**
   * A thermal camera's shutter is closed for flat-field correction, told by the camera or seen from
   * a picture that it repeats: no frames, and nothing is wrong.
   */
  FFC,
  /** A visible camera repeats an old picture: it looks well, and is not. */
  FROZEN,
  LOST,
  /** A recording is at its end; it is not opened again. */
  ENDED;

  boolean mayBecome(CameraState next) {
    return switch (next) {
      case CONNECTING -> this == LOST || this == CONNECTING;
      case READY -> this != LOST && this != ENDED;
      case FFC -> this == READY || this == CONNECTING;
      case FROZEN -> this == READY;
      case LOST -> this != ENDED;
      case ENDED -> this != LOST && this != ENDED;
    };
  }
}

package dev.nightfuse.supervise;

/**
 * What a supervised camera is doing.
 *
 * <pre>
 *  CONNECTING --first frame--> READY --FFC_STARTED--> FFC --FFC_ENDED or a frame--> READY
 *  any of them --failed, silent or ended--> LOST --next attempt--> CONNECTING
 * </pre>
 */
public enum CameraState {
  CONNECTING,
  READY,
  /**
   * The shutter is closed for flat-field correction, told by the camera or seen from a picture that
   * it repeats: no frames, and nothing is wrong.
   */
  FFC,
  LOST;

  boolean mayBecome(CameraState next) {
    return switch (next) {
      case CONNECTING -> this == LOST || this == CONNECTING;
      case READY -> this != LOST;
      case FFC -> this == READY || this == CONNECTING;
      case LOST -> true;
    };
  }
}

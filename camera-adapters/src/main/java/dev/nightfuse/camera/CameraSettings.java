package dev.nightfuse.camera;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FramePools;

/**
 * What an adapter needs to open a camera.
 *
 * @param name name of the camera in messages and metrics, such as {@code demo/infrared}
 * @param modality what it sees
 * @param uri where it is
 * @param pacing who sets the pace; real cameras are always {@link Pacing#LIVE}
 * @param frames where its frames come from, at every opening
 * @param clock the clock for capture and arrival times
 */
public record CameraSettings(
    String name,
    Modality modality,
    CameraUri uri,
    Pacing pacing,
    FramePools frames,
    FrameClock clock) {

  /**
   * With frames of its own.
   *
   * @param poolFrames frames to keep in native memory for this camera
   */
  public CameraSettings(
      String name,
      Modality modality,
      CameraUri uri,
      Pacing pacing,
      int poolFrames,
      FrameClock clock) {
    this(name, modality, uri, pacing, new FramePools(poolFrames), clock);
  }
}

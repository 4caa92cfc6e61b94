package dev.nightfuse.camera.replay;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;

/**
 * A recording, picture by picture. One thread; closed by whoever opened it. {@link #format}, {@link
 * #timeNs} and {@link #copyTo} speak of the picture that the last successful {@link #advance}
 * found.
 */
interface PictureReader extends AutoCloseable {

  /**
   * Goes to the next picture.
   *
   * @return false at the end, or when asked to stop
   * @throws CameraException when the recording is broken; names the file
   */
  boolean advance(StopSignal stop) throws CameraException;

  /** Goes to media time {@code timeNs}: the next picture is the one shown then. */
  void seek(long timeNs) throws CameraException;

  FrameFormat format() throws CameraException;

  /** Media time of the picture; the first one's is 0. */
  long timeNs();

  /** Media time at which the picture ends: the recording's length, after its last picture. */
  long endNs();

  /** Length as the recording itself says, or -1. */
  long announcedLengthNs();

  void copyTo(Frame frame) throws CameraException;

  @Override
  void close();
}

package dev.nightfuse.camera.capture;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import org.jspecify.annotations.Nullable;

/**
 * The last step of a camera: borrows frames, numbers and stamps them, tells the sink about formats
 * and losses. One thread.
 *
 * <p>Live, an empty pool costs the frame: it is counted by a gap in the numbers and by {@link
 * CameraEvent#FRAME_LOST}. As taken, it waits.
 */
public final class FrameOutlet {

  private static final long WAIT_MS = 50;

  private final CameraSettings settings;
  private final Pacing pacing;
  private final FrameSink sink;
  private final StopSignal stop;
  private @Nullable FramePool pool;
  private long nextNumber;

  public FrameOutlet(CameraSettings settings, Pacing pacing, FrameSink sink, StopSignal stop) {
    this.settings = settings;
    this.pacing = pacing;
    this.sink = sink;
    this.stop = stop;
  }

  /**
   * A frame to fill.
   *
   * @return null when none is free (the frame is counted as lost) or when asked to stop
   */
  public @Nullable Frame borrow(FrameFormat format) {
    FramePool current = pool;
    if (current == null || !current.format().equals(format)) {
      // Frames of the old pool find their way back to it; the collector takes it after the last.
      current = settings.frames().of(format);
      pool = current;
      sink.started(format);
    }
    if (pacing == Pacing.LIVE) {
      Frame frame = current.tryBorrow();
      if (frame == null) {
        lost(1);
      }
      return frame;
    }
    try {
      Frame frame = null;
      while (frame == null && !stop.stopRequested()) {
        frame = current.borrow(WAIT_MS);
      }
      return frame;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Numbers, stamps and hands on a frame; it is the sink's afterwards. */
  public void deliver(Frame frame, long captureNs) {
    frame.stamp(nextNumber++, captureNs, settings.clock().nowNs());
    sink.frame(frame);
  }

  /** Counts frames that do not arrive. */
  public void lost(long count) {
    nextNumber += count;
    for (long i = 0; i < count; i++) {
      sink.event(CameraEvent.FRAME_LOST);
    }
  }

  /** Passes an event on. */
  public void event(CameraEvent event) {
    sink.event(event);
  }
}

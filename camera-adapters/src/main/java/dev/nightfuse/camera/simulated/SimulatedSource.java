package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FramePool;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Renders frames at their times, or as fast as they are taken, with the faults asked for. */
final class SimulatedSource implements CameraSource {

  /**
   * Longest single wait: how late a stop is seen at worst, and how often a test's clock is read.
   */
  private static final long NAP_NS = 4_000_000;

  private static final long POOL_WAIT_MS = 20;

  private final CameraSettings settings;
  private final SimulatedOptions options;
  private final Outage outage;
  private final Faults faults;
  private final FrameGrid grid;
  private final boolean live;

  // The run's state; one thread.
  private boolean shutterClosed;
  private long lastStampNs = Long.MIN_VALUE;

  SimulatedSource(CameraSettings settings, SimulatedOptions options, Outage outage) {
    this.settings = settings;
    this.options = options;
    this.outage = outage;
    this.faults = new Faults(options, settings.modality());
    this.grid = new FrameGrid(options.fpsMilli(settings.modality()));
    this.live = settings.pacing() == Pacing.LIVE;
  }

  @Override
  public void run(FrameSink sink, StopSignal stop) throws CameraException {
    outage.opening(settings);
    CameraView view = new CameraView(options, settings.modality());
    FramePool pool = settings.frames().of(view.format());
    sink.started(view.format());
    long first = live ? grid.frameFrom(settings.clock().nowNs()) : 0;
    long startNs = grid.timeNs(first);
    long frame = first;
    while (!stop.stopRequested()) {
      if (options.frames() > 0 && frame - first >= options.frames()) {
        sink.event(CameraEvent.END_OF_STREAM);
        return;
      }
      if (live) {
        if (!awaitTime(grid.timeNs(frame), stop)) {
          return;
        }
        frame = skipMissed(frame, sink);
      }
      long timeNs = grid.timeNs(frame);
      outage.check(
          settings, live ? outage.sinceFirstOpenNs(settings.clock().nowNs()) : timeNs - startNs);
      if (delivers(frame, timeNs, sink)) {
        Frame out = borrow(pool, stop);
        if (out != null) {
          long seen = grid.frameUntil(faults.seenNs(timeNs));
          view.render(out, seen, grid.timeNs(seen));
          stamp(out, frame, timeNs, startNs);
          sink.frame(out);
        } else if (live) {
          sink.event(CameraEvent.FRAME_LOST);
        } else {
          return;
        }
      }
      frame++;
    }
  }

  @Override
  public long silenceMs() {
    return 3_000_000L / options.fpsMilli(settings.modality());
  }

  @Override
  public long freezeMs() {
    boolean repeats =
        settings.modality() == Modality.INFRARED
            ? options.ffcRepeats()
            : options.freezeEveryNs() > 0;
    return repeats ? options.freezeMs() : 0;
  }

  /** Whether a frame comes of this exposure; tells the sink why when not. */
  private boolean delivers(long frame, long timeNs, FrameSink sink) {
    boolean closed = faults.pauses(timeNs);
    if (closed != shutterClosed) {
      shutterClosed = closed;
      sink.event(closed ? CameraEvent.FFC_STARTED : CameraEvent.FFC_ENDED);
    }
    if (closed) {
      return false;
    }
    if (faults.drops(frame)) {
      sink.event(CameraEvent.FRAME_LOST);
      return false;
    }
    return true;
  }

  private void stamp(Frame out, long frame, long timeNs, long startNs) {
    // A camera's stamps never run backwards, however they jitter.
    lastStampNs = Math.max(lastStampNs + 1, faults.stampNs(frame, timeNs, startNs));
    out.stamp(frame, lastStampNs, settings.clock().nowNs());
  }

  private @Nullable Frame borrow(FramePool pool, StopSignal stop) {
    if (live) {
      return pool.tryBorrow();
    }
    try {
      while (!stop.stopRequested()) {
        Frame frame = pool.borrow(POOL_WAIT_MS);
        if (frame != null) {
          return frame;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  /** False when asked to stop before the time came. */
  private boolean awaitTime(long timeNs, StopSignal stop) {
    long left = timeNs - settings.clock().nowNs();
    while (left > 0) {
      if (stop.stopRequested() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(this, Math.min(left, NAP_NS));
      left = timeNs - settings.clock().nowNs();
    }
    return true;
  }

  /** A machine too slow for the rate exposes late frames never, rather than ever later. */
  private long skipMissed(long due, FrameSink sink) {
    long now = settings.clock().nowNs();
    long frame = due;
    while (grid.timeNs(frame + 1) <= now) {
      if (!faults.pauses(grid.timeNs(frame))) {
        sink.event(CameraEvent.FRAME_LOST);
      }
      frame++;
    }
    return frame;
  }
}

package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two finite cameras read side by side, frame by frame, none left out: the n-th of one belongs to
 * the n-th of the other. Two threads capture; {@link #next} is for one thread.
 */
final class PairFilm implements AutoCloseable {

  private static final int AHEAD = 2;
  private static final int POOL = AHEAD + 3;
  private static final long LOOK_MS = 20;

  /** A pair; the taker releases both frames. */
  record Pair(Frame visible, Frame infrared) {}

  private final Reel visible;
  private final Reel infrared;
  private volatile boolean stopping;

  PairFilm(CameraAdapters adapters, CameraUri visible, CameraUri infrared) throws CameraException {
    this.visible = new Reel(adapters, Modality.VISIBLE, visible);
    this.infrared = new Reel(adapters, Modality.INFRARED, infrared);
    this.visible.thread.start();
    this.infrared.thread.start();
  }

  /** The next pair, or null when one of the two is at its end. */
  @Nullable Pair next() throws CameraException, InterruptedException {
    Frame first = visible.take();
    if (first == null) {
      return null;
    }
    Frame second = infrared.take();
    if (second == null) {
      first.release();
      return null;
    }
    return new Pair(first, second);
  }

  @Override
  public void close() {
    stopping = true;
    visible.end();
    infrared.end();
  }

  /** One camera and what it delivered ahead of its use. */
  private final class Reel implements FrameSink {
    private final BlockingQueue<Frame> queue = new ArrayBlockingQueue<>(AHEAD);
    private final Thread thread;
    private volatile boolean ended;
    private volatile @Nullable CameraException failure;

    Reel(CameraAdapters adapters, Modality modality, CameraUri uri) throws CameraException {
      String name = "film/" + modality.label();
      CameraSettings settings =
          new CameraSettings(name, modality, uri, Pacing.AS_TAKEN, POOL, FrameClock.system());
      var source = adapters.open(settings);
      thread =
          new Thread(
              () -> {
                try {
                  source.run(this, () -> stopping);
                } catch (CameraException e) {
                  failure = e;
                } finally {
                  ended = true;
                }
              },
              "capture-" + name);
    }

    @Override
    public void started(FrameFormat format) {}

    @Override
    public void frame(Frame frame) {
      try {
        while (!stopping) {
          if (queue.offer(frame, LOOK_MS, TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      frame.release();
    }

    @Override
    public void event(CameraEvent event) {}

    @Nullable Frame take() throws CameraException, InterruptedException {
      while (true) {
        // Asked before the queue is: a frame that came before the end is then seen.
        boolean last = ended;
        Frame frame = queue.poll(LOOK_MS, TimeUnit.MILLISECONDS);
        if (frame != null) {
          return frame;
        }
        if (last) {
          CameraException cause = failure;
          if (cause != null) {
            throw cause;
          }
          return null;
        }
      }
    }

    void end() {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      for (Frame left = queue.poll(); left != null; left = queue.poll()) {
        left.release();
      }
    }
  }
}

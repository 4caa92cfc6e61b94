package dev.nightfuse.app;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.sync.FrameSynchronizer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hand-over from the two camera threads of a rig to its loop: a short queue per camera, frames
 * and what the camera tells between them in order. Live, a full queue loses its oldest frame,
 * counted; offline, the camera waits.
 *
 * <p>Safe for every thread. Owns the frames in it; {@link #close()} releases them and refuses more.
 */
final class ArrivalBox implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ArrivalBox.class);

  /**
   * One that waits for its partner, one waiting behind it, one arriving: more would only be older
   * pictures.
   */
  static final int FRAMES_PER_CAMERA = 3;

  /** What a camera tells between its frames. */
  enum Note {
    FFC_STARTED,
    FFC_ENDED,
    FROZEN,
    LOST,
    ENDED
  }

  /** A frame or a note; exactly one of the two. The receiver owns the frame's reference. */
  record Arrival(Modality modality, @Nullable Frame frame, @Nullable Note note, long order) {

    /** Hands on what has arrived, the frame's reference with it. */
    void offerTo(FrameSynchronizer synchronizer, long nowNs) {
      if (frame != null) {
        synchronizer.offer(modality, frame, nowNs);
      } else if (note != null) {
        switch (note) {
          case FFC_STARTED -> synchronizer.event(modality, CameraEvent.FFC_STARTED, nowNs);
          case FFC_ENDED -> synchronizer.event(modality, CameraEvent.FFC_ENDED, nowNs);
          case FROZEN -> synchronizer.event(modality, CameraEvent.FROZEN, nowNs);
          case ENDED -> synchronizer.event(modality, CameraEvent.END_OF_STREAM, nowNs);
          case LOST -> synchronizer.lost(modality, nowNs);
        }
      }
    }
  }

  private final Pacing pacing;
  private final FrameClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue visible = new Queue();
  private final Queue infrared = new Queue();
  private long order;
  private boolean woken;
  private boolean closed;

  /** The arrivals of one camera; all fields are guarded by the box's lock. */
  private static final class Queue {
    final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
    int frames;
    long dropped;
  }

  ArrivalBox(Pacing pacing, FrameClock clock) {
    this.pacing = pacing;
    this.clock = clock;
  }

  Pacing pacing() {
    return pacing;
  }

  /** Where a camera of a rig delivers into this box. */
  FrameSink sink(String rig, Modality modality) {
    return new FrameSink() {
      @Override
      public void started(FrameFormat format) {
        LOG.info("{} {} delivers {}", rig, modality.label(), format);
      }

      @Override
      public void frame(Frame frame) {
        put(modality, frame);
      }

      @Override
      public void event(CameraEvent event) {
        switch (event) {
          case FFC_STARTED -> tell(modality, Note.FFC_STARTED);
          case FFC_ENDED -> tell(modality, Note.FFC_ENDED);
          case FROZEN -> tell(modality, Note.FROZEN);
          case END_OF_STREAM -> tell(modality, Note.ENDED);
          case FRAME_LOST -> {}
        }
      }
    };
  }

  /**
   * Takes ownership of the frame. Waits for room when offline; after {@link #close()} the frame is
   * released.
   */
  void put(Modality modality, Frame frame) {
    lock.lock();
    try {
      Queue queue = queue(modality);
      while (!closed && pacing == Pacing.AS_TAKEN && queue.frames == FRAMES_PER_CAMERA) {
        changed.awaitUninterruptibly();
      }
      if (closed) {
        frame.release();
        return;
      }
      if (queue.frames == FRAMES_PER_CAMERA) {
        dropOldest(queue);
      }
      queue.arrivals.add(new Arrival(modality, frame, null, order++));
      queue.frames++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void dropOldest(Queue queue) {
    for (Arrival arrival : queue.arrivals) {
      if (arrival.frame() != null) {
        queue.arrivals.remove(arrival);
        arrival.frame().release();
        queue.frames--;
        queue.dropped++;
        return;
      }
    }
  }

  /**
   * Adds a note behind the frames that are there. A repeated note is the same note, so that none
   * pile up.
   */
  void tell(Modality modality, Note note) {
    lock.lock();
    try {
      Queue queue = queue(modality);
      Arrival last = queue.arrivals.peekLast();
      if (!closed && (last == null || last.note() != note)) {
        queue.arrivals.add(new Arrival(modality, null, note, order++));
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next arrival of a camera that is accepted, in order of arrival; waits for one until the
   * clock shows {@code wakeUpNs}.
   *
   * @return null at that time, after {@link #wake()}, or when the box is closed
   */
  @Nullable Arrival take(long wakeUpNs, Predicate<Modality> accepted) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        Queue queue = oldest(accepted);
        if (queue != null) {
          Arrival arrival = queue.arrivals.remove();
          if (arrival.frame() != null) {
            queue.frames--;
            changed.signalAll();
          }
          return arrival;
        }
        if (woken) {
          woken = false;
          return null;
        }
        if (wakeUpNs == Long.MAX_VALUE) {
          changed.await();
          continue;
        }
        long nowNs = clock.nowNs();
        if (wakeUpNs <= nowNs) {
          return null;
        }
        changed.awaitNanos(wakeUpNs - nowNs);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Lets a {@link #take} that waits, or the next one that finds nothing, return at once. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Queue oldest(Predicate<Modality> accepted) {
    Arrival v = accepted.test(Modality.VISIBLE) ? visible.arrivals.peek() : null;
    Arrival i = accepted.test(Modality.INFRARED) ? infrared.arrivals.peek() : null;
    if (v == null) {
      return i == null ? null : infrared;
    }
    return i == null || v.order() < i.order() ? visible : infrared;
  }

  /** Frames of a camera that were lost here because the loop was late. */
  long dropped(Modality modality) {
    lock.lock();
    try {
      return queue(modality).dropped;
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      release(visible);
      release(infrared);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void release(Queue queue) {
    for (Arrival arrival : queue.arrivals) {
      if (arrival.frame() != null) {
        arrival.frame().release();
      }
    }
    queue.arrivals.clear();
    queue.frames = 0;
  }

  private Queue queue(Modality modality) {
    return modality == Modality.VISIBLE ? visible : infrared;
  }
}

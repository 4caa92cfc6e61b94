package dev.nightfuse.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer's ring of access units. Filled by the publishing thread, emptied by the viewer's.
 *
 * <pre>
 *   AWAITING_KEY --key frame--> FLOWING --full--> LAGGING --key frame--> FLOWING
 *                                  any state --close, end of stream--> OVER
 * </pre>
 *
 * A viewer that lags gets a key frame asked for when it polls again, not before: one that stopped
 * reading for good must not cost the others a key frame each time its ring fills.
 */
final class Viewer implements Subscription {

  private static final Logger LOG = LoggerFactory.getLogger(Viewer.class);

  private enum State {
    AWAITING_KEY,
    FLOWING,
    LAGGING,
    OVER
  }

  private final StreamHub hub;
  private final String name;
  private final Runnable wakeUp;
  private final @Nullable AccessUnit[] ring;
  private int head;
  private int size;
  private State state = State.AWAITING_KEY;
  private long dropped;

  Viewer(StreamHub hub, String name, int queueUnits, Runnable wakeUp) {
    if (queueUnits < 1) {
      throw new IllegalArgumentException(
          "queue of %d units for %s: at least 1".formatted(queueUnits, name));
    }
    this.hub = hub;
    this.name = name;
    this.wakeUp = wakeUp;
    this.ring = new AccessUnit[queueUnits];
  }

  /** Called by the publishing thread. Returns how many units this viewer lost by it. */
  int offer(AccessUnit unit) {
    int lost;
    boolean wake;
    synchronized (this) {
      if (state == State.OVER || (state == State.AWAITING_KEY && !unit.keyFrame())) {
        return 0;
      }
      lost = makeRoom(unit);
      dropped += lost;
      wake = state == State.FLOWING && size == 0;
      if (state == State.FLOWING) {
        ring[(head + size) % ring.length] = unit;
        size++;
      }
    }
    if (wake) {
      wake();
    }
    return lost;
  }

  /** Decides the state for {@code unit}; returns the number of units lost. */
  private int makeRoom(AccessUnit unit) {
    if (state == State.FLOWING && size < ring.length) {
      return 0;
    }
    int lost = size;
    clear();
    state = unit.keyFrame() ? State.FLOWING : State.LAGGING;
    return state == State.FLOWING ? lost : lost + 1;
  }

  private void clear() {
    Arrays.fill(ring, null);
    head = 0;
    size = 0;
  }

  /** Called once by the hub, when the stream is over. */
  void end() {
    synchronized (this) {
      state = State.OVER;
    }
    wake();
  }

  private void wake() {
    try {
      wakeUp.run();
    } catch (RuntimeException e) {
      LOG.warn("viewer {} failed to wake up and is detached", name, e);
      close();
    }
  }

  @Override
  public @Nullable AccessUnit poll() {
    boolean lagging;
    synchronized (this) {
      if (size > 0) {
        AccessUnit unit = ring[head];
        ring[head] = null;
        head = (head + 1) % ring.length;
        size--;
        return unit;
      }
      lagging = state == State.LAGGING;
    }
    if (lagging) {
      hub.requestKeyFrame();
    }
    return null;
  }

  @Override
  public synchronized long dropped() {
    return dropped;
  }

  @Override
  public synchronized boolean ended() {
    return state == State.OVER && size == 0;
  }

  @Override
  public void close() {
    synchronized (this) {
      state = State.OVER;
      clear();
    }
    hub.detach(this);
  }

  @Override
  public String toString() {
    return name;
  }
}

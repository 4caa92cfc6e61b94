package dev.nightfuse.camera.replay;

import java.util.HashSet;
import java.util.Set;

/**
 * The common time of the cameras of one rig that replay recordings: when media time 0 was, and how
 * long one loop takes.
 *
 * <p>Capture time = {@code epoch + loop * period + media time}. Live, the epoch is when the first
 * camera had its first picture; a camera that joins later, or again after a loss, falls in step
 * with it. As taken, the epoch is 0. The period is fixed when the first camera starts its second
 * loop: the shortest of the recordings. A longer one is cut there, so recordings of different
 * lengths never drift apart.
 *
 * <p>Safe for every thread; each camera uses its own {@link Member}.
 */
final class ReplayTimeline {

  private static final long UNKNOWN = Long.MAX_VALUE;

  /** Lengths are rounded, and the end of what is shown is not that of the file. */
  private static final long LAST_NS = 1_000_000_000;

  private final boolean live;
  private final Set<Member> members = new HashSet<>();
  private boolean started;
  private long epochNs;
  private long shortestEndNs = UNKNOWN;
  private long periodNs = UNKNOWN;

  ReplayTimeline(boolean live) {
    this.live = live;
  }

  synchronized Member join() {
    Member member = new Member();
    members.add(member);
    return member;
  }

  synchronized boolean isEmpty() {
    return members.isEmpty();
  }

  /** A place in the repeated recording. */
  record Position(long loop, long mediaNs) {}

  /** One camera's part. Used by its thread only, except for {@link #close()}. */
  final class Member implements AutoCloseable {

    private long announcedNs = UNKNOWN;

    /**
     * The first picture is there: starts the common time, unless another camera has.
     *
     * @param lengthNs what the container says about the length, or -1; tells the others how far
     *     they may go, and is corrected by {@link #ended}
     */
    void begin(long nowNs, long lengthNs) {
      synchronized (ReplayTimeline.this) {
        announcedNs = lengthNs > 0 ? lengthNs : UNKNOWN;
        if (!started) {
          started = true;
          epochNs = live ? nowNs : 0;
        }
      }
    }

    /** Whether this media time is beyond the common loop, as far as it is known. */
    boolean isCut(long mediaNs) {
      synchronized (ReplayTimeline.this) {
        return mediaNs >= commonEndNs();
      }
    }

    /** This recording is at its end, or was cut; fixes the period if no camera has. */
    void ended(long endNs) {
      synchronized (ReplayTimeline.this) {
        if (periodNs == UNKNOWN) {
          shortestEndNs = Math.min(shortestEndNs, Math.max(endNs, 1));
          periodNs = commonEndNs();
        }
      }
    }

    private long commonEndNs() {
      if (periodNs != UNKNOWN) {
        return periodNs;
      }
      long end = shortestEndNs;
      for (Member other : members) {
        if (other != this) {
          end = Math.min(end, other.announcedNs);
        }
      }
      return end;
    }

    /** Capture time of a picture. */
    long captureNs(long loop, long mediaNs) {
      synchronized (ReplayTimeline.this) {
        return epochNs + (loop == 0 ? 0 : loop * periodNs) + mediaNs;
      }
    }

    /**
     * Where the recording should be at this time. In the first loop, not beyond the last second of
     * what it says of its length: its end must be seen, for nobody else tells how long a loop is,
     * and what it says may be wrong.
     */
    Position at(long nowNs, boolean loops) {
      synchronized (ReplayTimeline.this) {
        long elapsedNs = Math.max(0, nowNs - epochNs);
        if (periodNs != UNKNOWN) {
          return new Position(elapsedNs / periodNs, elapsedNs % periodNs);
        }
        long nearEndNs = announcedNs == UNKNOWN ? 0 : Math.max(0, announcedNs - LAST_NS);
        return new Position(0, loops ? Math.min(elapsedNs, nearEndNs) : elapsedNs);
      }
    }

    @Override
    public void close() {
      synchronized (ReplayTimeline.this) {
        members.remove(this);
      }
    }
  }
}

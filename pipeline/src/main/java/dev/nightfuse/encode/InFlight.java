package dev.nightfuse.encode;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The frames inside the encoder, oldest first: what comes out is matched with what went in by
 * running time, because an encoder may skip a frame. Safe for every thread.
 */
final class InFlight {

  /** Some encoders carry times in microseconds; frames are further apart than this. */
  private static final long TOLERANCE_NS = 500_000;

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long skipped;

  /**
   * One frame.
   *
   * @param runningNs time since the first frame, as the encoder sees it
   * @param pushedNs when it went in
   */
  record Entry(
      long runningNs, long captureNs, long captureWallNs, long contentAgeNs, long pushedNs) {}

  synchronized void add(Entry entry) {
    entries.addLast(entry);
  }

  synchronized void removeLast() {
    entries.pollLast();
  }

  synchronized int size() {
    return entries.size();
  }

  /** The frame of this running time, or null when it is none of ours. Older ones are given up. */
  synchronized @Nullable Entry take(long runningNs) {
    while (true) {
      Entry oldest = entries.peekFirst();
      if (oldest == null || oldest.runningNs > runningNs + TOLERANCE_NS) {
        return null;
      }
      entries.removeFirst();
      if (oldest.runningNs >= runningNs - TOLERANCE_NS) {
        return oldest;
      }
      skipped++;
    }
  }

  /** Frames that the encoder took and gave nothing for, since the last call. */
  synchronized long takeSkipped() {
    long count = skipped;
    skipped = 0;
    return count;
  }

  /** How long the oldest frame has been inside, or 0 when there is none. */
  synchronized long oldestAgeNs(long nowNs) {
    Entry oldest = entries.peekFirst();
    return oldest == null ? 0 : nowNs - oldest.pushedNs;
  }
}

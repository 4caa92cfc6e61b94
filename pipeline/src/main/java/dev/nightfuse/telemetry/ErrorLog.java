package dev.nightfuse.telemetry;

import dev.nightfuse.frame.FrameClock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Where running stages report what went wrong, thirty times a second if they must. Each distinct
 * error is logged once in full; repetitions are counted and the count is logged at most every ten
 * seconds.
 *
 * <p>Safe for every thread. Never throws: whoever reports an error has enough to do.
 */
public final class ErrorLog {

  static final long REPEAT_NS = 10_000_000_000L;

  /** A program with more distinct errors than this has one problem, not many. */
  static final int MOST_DISTINCT = 100;

  private static final class Seen {
    private long loggedNs;
    private long since;
  }

  private final Logger logger;
  private final FrameClock clock;
  private final LongAdder count = new LongAdder();
  private final Map<String, Seen> seen = new HashMap<>();

  public ErrorLog(Logger logger, FrameClock clock) {
    this.logger = logger;
    this.clock = clock;
  }

  /**
   * Something failed and the program goes on.
   *
   * @param where what was being done: {@code demo/fuse}
   * @param cause what was thrown, or null
   */
  public void report(String where, String message, @Nullable Throwable cause) {
    try {
      count.increment();
      String key = key(where, message, cause);
      long repeated = repeated(key);
      if (repeated == 0) {
        logger.warn("{}: {}{}", where, message, reason(cause));
        logger.debug("{}", where, cause);
      } else if (repeated > 0) {
        logger.warn("{}: {}{} ({} more)", where, message, reason(cause), repeated);
      }
    } catch (RuntimeException e) {
      // There is nobody left to tell.
    }
  }

  /** 0 when it is to be logged as new, the number of repetitions when those are, else -1. */
  private synchronized long repeated(String key) {
    long nowNs = clock.nowNs();
    Seen entry = seen.get(key);
    if (entry == null) {
      String kept = seen.size() < MOST_DISTINCT ? key : "";
      entry = seen.get(kept);
      if (entry == null) {
        entry = new Seen();
        entry.loggedNs = nowNs;
        seen.put(kept, entry);
        return 0;
      }
    }
    entry.since++;
    if (nowNs - entry.loggedNs < REPEAT_NS) {
      return -1;
    }
    long repetitions = entry.since;
    entry.since = 0;
    entry.loggedNs = nowNs;
    return repetitions;
  }

  /** Messages may hold numbers that differ each time; where it was thrown does not. */
  private static String key(String where, String message, @Nullable Throwable cause) {
    if (cause == null) {
      return where + "|" + message;
    }
    StackTraceElement[] trace = cause.getStackTrace();
    return where + "|" + cause.getClass().getName() + "|" + (trace.length > 0 ? trace[0] : "");
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause == null) {
      return "";
    }
    String message = cause.getMessage();
    return ": " + (message == null ? cause.getClass().getSimpleName() : message);
  }

  /** Errors reported since start, repeated ones included. */
  public long count() {
    return count.sum();
  }
}

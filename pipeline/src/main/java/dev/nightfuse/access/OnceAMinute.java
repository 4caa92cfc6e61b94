package dev.nightfuse.access;

import dev.nightfuse.frame.FrameClock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * For log lines that strangers can cause: one of each kind a minute, and how many there were in
 * between. One thread.
 */
public final class OnceAMinute {

  private static final long MINUTE_NS = 60_000_000_000L;

  private static final class Kind {
    private long loggedNs;
    private long held;
  }

  private final FrameClock clock;
  private final Consumer<String> log;
  private final Map<String, Kind> kinds = new HashMap<>();

  /**
   * @param log takes the lines
   */
  public OnceAMinute(FrameClock clock, Consumer<String> log) {
    this.clock = clock;
    this.log = log;
  }

  /**
   * Logs the line, or counts it.
   *
   * @param kind one of a few
   * @param detail what differs from line to line
   */
  public void say(String kind, String detail) {
    long nowNs = clock.nowNs();
    Kind known = kinds.get(kind);
    if (known != null && nowNs - known.loggedNs < MINUTE_NS) {
      known.held++;
      return;
    }
    String more =
        known == null || known.held == 0 ? "" : " (and %d more such lines)".formatted(known.held);
    log.accept(kind + ": " + detail + more);
    Kind logged = new Kind();
    logged.loggedNs = nowNs;
    kinds.put(kind, logged);
  }
}

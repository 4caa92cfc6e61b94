package dev.nightfuse.app;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when a rig fuses fewer frames than its cameras deliver, and why, and when it
 * keeps up again. One thread at a time, the rig's.
 */
final class Pace {

  /** Whether frames are left out, and for want of what. */
  enum State {
    KEEPS_UP,
    /** The engine is busy all the time. */
    ENGINE_TOO_SLOW,
    /** The engine has time left when frames are overtaken. */
    FRAMES_IN_BURSTS
  }

  /** Long enough that a garbage collection or another program's minute does not count. */
  private static final long WINDOW_NS = 10_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(Pace.class);

  /** Shares of the frames that are left out. */
  private static final double BEHIND = 0.05;

  private static final double KEEPING_UP = 0.01;

  /** Share of the time in which pairs are with an engine that cannot do more; measured 0.99. */
  private static final double BUSY = 0.9;

  private final String rig;
  private final FrameClock clock;
  private final StageMetrics engine;
  private boolean warm;
  private State state = State.KEEPS_UP;
  private long beganNs = Long.MIN_VALUE;
  private long fused;
  private long leftOutBefore;
  private long busyBeforeNs;

  /**
   * @param engine how long pairs were with the engine; read only
   */
  Pace(String rig, FrameClock clock, StageMetrics engine) {
    this.rig = rig;
    this.clock = clock;
    this.engine = engine;
  }

  /**
   * A frame was fused.
   *
   * @param leftOut frames of the visible camera that were left out since start
   */
  void fused(long leftOut) {
    long nowNs = clock.nowNs();
    fused++;
    if (beganNs != Long.MIN_VALUE && nowNs - beganNs < WINDOW_NS) {
      return;
    }
    // The first window is that of opening and warming up.
    if (warm) {
      look(
          (nowNs - beganNs) / 1e9, leftOut - leftOutBefore, (engine.busyNs() - busyBeforeNs) / 1e9);
    }
    warm = beganNs != Long.MIN_VALUE;
    beganNs = nowNs;
    fused = 0;
    leftOutBefore = leftOut;
    busyBeforeNs = engine.busyNs();
  }

  private void look(double seconds, long leftOut, double busySeconds) {
    double share = leftOut / (double) (fused + leftOut);
    if (state == State.KEEPS_UP && share >= BEHIND) {
      state = busySeconds >= BUSY * seconds ? State.ENGINE_TOO_SLOW : State.FRAMES_IN_BURSTS;
      LOG.warn(
          "rig {}: {} frames a second come and {} are fused, newer ones overtake the rest: {}",
          rig,
          rounded((fused + leftOut) / seconds),
          rounded(fused / seconds),
          state == State.ENGINE_TOO_SLOW
              ? tooSlow(busySeconds / fused)
              : inBursts(busySeconds / seconds));
    } else if (state != State.KEEPS_UP && share < KEEPING_UP) {
      state = State.KEEPS_UP;
      LOG.info("rig {}: keeps up with its cameras again", rig);
    }
  }

  /** What the log has said last. */
  State state() {
    return state;
  }

  private static String tooSlow(double seconds) {
    return "a picture takes "
        + rounded(1e3 * seconds)
        + " ms; a smaller engine.model helps (nightnet-s-int8 is the quickest), or more"
        + " engine.threads";
  }

  private static String inBursts(double busy) {
    return "the engine is busy for "
        + rounded(100 * busy)
        + " % of the time only, so frames come in bursts or other programs take the processor";
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}

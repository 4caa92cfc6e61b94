package dev.nightfuse.app;

import dev.nightfuse.frame.FrameClock;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when a rig fuses fewer frames than its cameras deliver, and when it keeps up
 * again. One thread at a time, the rig's.
 */
final class Pace {

  /** Long enough that a garbage collection or another program's minute does not count. */
  private static final long WINDOW_NS = 10_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(Pace.class);

  /** Shares of the frames that are left out. */
  private static final double BEHIND = 0.05;

  private static final double KEEPING_UP = 0.01;

  private final String rig;
  private final FrameClock clock;
  private boolean warm;
  private boolean behind;
  private long beganNs = Long.MIN_VALUE;
  private long fused;
  private long leftOutBefore;

  Pace(String rig, FrameClock clock) {
    this.rig = rig;
    this.clock = clock;
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
      look((nowNs - beganNs) / 1e9, leftOut - leftOutBefore);
    }
    warm = beganNs != Long.MIN_VALUE;
    beganNs = nowNs;
    fused = 0;
    leftOutBefore = leftOut;
  }

  private void look(double seconds, long leftOut) {
    double share = leftOut / (double) (fused + leftOut);
    if (!behind && share >= BEHIND) {
      behind = true;
      LOG.warn(
          "rig {}: {} frames a second come and {} are fused, newer ones overtake the rest: the"
              + " machine is too slow (a smaller engine.model helps, nightnet-s-int8 is the"
              + " quickest, or more engine.threads), or frames come in bursts",
          rig,
          perSecond(fused + leftOut, seconds),
          perSecond(fused, seconds));
    } else if (behind && share < KEEPING_UP) {
      behind = false;
      LOG.info("rig {}: keeps up with its cameras again", rig);
    }
  }

  /** Whether the log has said so, and not yet that it is over. */
  boolean behind() {
    return behind;
  }

  private static String perSecond(long frames, double seconds) {
    return String.format(Locale.ROOT, "%.1f", frames / seconds);
  }
}

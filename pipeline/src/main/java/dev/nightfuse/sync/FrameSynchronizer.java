package dev.nightfuse.sync;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.sync.FramePair.Cause;
import dev.nightfuse.sync.FramePair.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Matches the frames of one rig's two cameras in time.
 *
 * <p><b>Rule.</b> Every visible frame becomes one picture. It goes out at once with the infrared
 * frame nearest in time when that lies within the tolerance and no nearer one is due; otherwise it
 * waits, at most the maximum wait, and while there is room for the next. It does not wait for a
 * camera that is slower and has nothing due (the last infrared frame is held and reused), nor for
 * one that corrects its flat field, is lost or is silent for three of its periods. A frame never
 * matched within the tolerance is never held: the visible frame then goes out alone. While the
 * visible camera is gone, infrared frames go out alone.
 *
 * <p><b>Thread.</b> One; nothing here waits or locks. <b>Clock.</b> The caller's: times are handed
 * in and must not go back. After each {@link #offer} and at {@link #nextWakeUpNs()}, call {@link
 * #poll} until it gives null. <b>Ownership.</b> {@code offer} takes the caller's reference; pairs
 * give theirs to the receiver; {@link #close()} releases the rest.
 *
 * <p>With {@link Pacing#AS_TAKEN} the clock is not read: a visible frame waits until an infrared
 * frame of the same or a later time has come, or that camera has ended. Offer only while {@link
 * #accepts} says so, and nothing is lost.
 */
public final class FrameSynchronizer implements AutoCloseable {

  /** No wake-up is needed before the next offer. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int NONE = -1;
  private static final int WAIT = -2;
  private static final long AT_ONCE = Long.MIN_VALUE;

  /** A nearer frame is worth waiting for only when it is this much nearer. */
  private static final long MARGIN_NS = 1_000_000;

  private static final long OLDEST_STAMP_NS = 10_000_000_000L;
  private static final long FURTHEST_STAMP_NS = 1_000_000_000L;

  private final SyncSettings settings;
  private final SyncStatistics statistics;
  private final boolean live;
  private final CameraLane visible;
  private final CameraLane infrared;

  private @Nullable Frame held;
  private long heldNs;
  private long emittedNs = Long.MIN_VALUE / 2;
  private long emittedAtNs = Long.MIN_VALUE;
  private boolean emittedMatched;
  private long wakeUpNs = NEVER;

  public FrameSynchronizer(SyncSettings settings, SyncStatistics statistics) {
    this.settings = settings;
    this.statistics = statistics;
    this.live = settings.pacing() == Pacing.LIVE;
    this.visible = new CameraLane(Modality.VISIBLE, settings.queueFrames(), statistics);
    this.infrared = new CameraLane(Modality.INFRARED, settings.queueFrames(), statistics);
  }

  /** Whether {@link #offer} would not have to drop a frame; when lossless, wait until it is so. */
  public boolean accepts(Modality modality) {
    return !lane(modality).isFull();
  }

  /** A frame has come. A full queue gives up its oldest frame. */
  public void offer(Modality modality, Frame frame, long nowNs) {
    CameraLane lane = lane(modality);
    long stampNs = frame.captureNs();
    if (live && (stampNs < nowNs - OLDEST_STAMP_NS || stampNs > nowNs + FURTHEST_STAMP_NS)) {
      lane.drop(frame, SyncOutcome.IMPLAUSIBLE);
      return;
    }
    long timeNs = stampNs - settings.offsetNs(modality);
    if (live && lane == infrared && lane.isFull() && !visible.isFull()) {
      // Many of them to a picture of a slow visible camera are no overload.
      lane.dropFirst(SyncOutcome.SURPLUS);
    }
    lane.offer(frame, timeNs, nowNs);
    wakeUpNs = nowNs;
  }

  /**
   * The camera has told something; flat-field correction, a picture that stands still and the end
   * of a file matter here.
   */
  public void event(Modality modality, CameraEvent event, long nowNs) {
    switch (event) {
      case FFC_STARTED -> lane(modality).ffc(true);
      case FFC_ENDED -> lane(modality).ffc(false);
      case FROZEN -> lane(modality).frozen();
      case END_OF_STREAM -> lane(modality).ended();
      case FRAME_LOST -> {}
    }
    wakeUpNs = nowNs;
  }

  /** The camera is gone until its next frame comes. A lossless source does not come back. */
  public void lost(Modality modality, long nowNs) {
    if (live) {
      lane(modality).lost();
    } else {
      lane(modality).ended();
    }
    wakeUpNs = nowNs;
  }

  /** The next picture, or null when none is ready at this time. */
  public @Nullable FramePair poll(long nowNs) {
    wakeUpNs = NEVER;
    while (!visible.isEmpty()) {
      long timeNs = visible.timeNs(0);
      if (timeNs <= emittedNs) {
        visible.dropFirst(SyncOutcome.LATE);
        continue;
      }
      int partner = partner(timeNs, nowNs);
      if (partner == WAIT) {
        return null;
      }
      wakeUpNs = nowNs;
      return partner == NONE ? withoutNew(timeNs, nowNs) : matched(timeNs, partner, nowNs);
    }
    return infraredAlone(nowNs);
  }

  /** When to poll again if nothing is offered before; {@link #NEVER} when there is no need. */
  public long nextWakeUpNs() {
    return wakeUpNs;
  }

  /**
   * Whether no frame of this camera is to be expected: it is lost, frozen, at its end or was never
   * there, or is silent for longer than a {@link dev.nightfuse.camera.SilenceLimit} allows, which
   * is 0.8 s for a usual one.
   */
  public boolean silent(Modality modality, long nowNs) {
    CameraLane lane = lane(modality);
    return !lane.open() || lane.silent(nowNs);
  }

  /** Whether no infrared frames come because that camera corrects its flat field. */
  public boolean shutterClosed() {
    return infrared.state() == CameraLane.State.FFC;
  }

  /** Whether no visible frames come because that camera repeats an old picture. */
  public boolean visibleFrozen() {
    return visible.state() == CameraLane.State.FROZEN;
  }

  /** How long silence of both cameras is nothing to wonder about. */
  public long patienceNs() {
    return Math.max(visible.patienceNs(), infrared.patienceNs());
  }

  /** Whether both cameras were recordings and are at their end. */
  public boolean ended() {
    return visible.state() == CameraLane.State.ENDED && infrared.state() == CameraLane.State.ENDED;
  }

  /** Whether both cameras have ended and every frame is decided. */
  public boolean drained() {
    return ended() && visible.isEmpty() && infrared.isEmpty();
  }

  /** Releases every frame that still waits or is held. */
  @Override
  public void close() {
    visible.flush();
    infrared.flush();
    letGo();
  }

  /** Index of the infrared frame for the oldest visible frame that waits, or NONE, or WAIT. */
  private int partner(long timeNs, long nowNs) {
    int nearest = infrared.nearest(timeNs);
    long distanceNs = nearest == NONE ? NEVER : Math.abs(infrared.timeNs(nearest) - timeNs);
    long heldDistanceNs = held == null ? NEVER : Math.abs(heldNs - timeNs);
    // A full queue would give up each frame just before its partner comes: the picture would
    // freeze.
    boolean mayWait = !live || !visible.isFull();
    if (mayWait && !infrared.reached(timeNs)) {
      long untilNs = waitUntil(timeNs, visible.offeredNs(0), distanceNs, heldDistanceNs, nowNs);
      if (nowNs < untilNs) {
        wakeUpNs = Math.min(wakeUpNs, untilNs);
        return WAIT;
      }
    }
    return distanceNs <= settings.toleranceNs() && distanceNs <= heldDistanceNs ? nearest : NONE;
  }

  /**
   * Until when to wait for an infrared frame nearer than the new one and the held one there are.
   */
  private long waitUntil(
      long timeNs, long offeredNs, long newDistanceNs, long heldDistanceNs, long nowNs) {
    if (!live) {
      return infrared.state() == CameraLane.State.ENDED ? AT_ONCE : NEVER;
    }
    boolean firstDue = infrared.state() == CameraLane.State.EXPECTED;
    boolean nextDue = infrared.state() == CameraLane.State.LIVE && !overdue(infrared, nowNs);
    if (!firstDue && !nextDue) {
      return AT_ONCE;
    }
    long toleranceNs = settings.toleranceNs();
    long latestNs = offeredNs + settings.maxWaitNs();
    long expectedNs = infrared.expectedNear(timeNs);
    if (!CameraLane.known(expectedNs)) {
      return newDistanceNs <= toleranceNs ? AT_ONCE : latestNs;
    }
    long bestNs = Math.min(newDistanceNs, heldDistanceNs);
    long expectedDistanceNs = Math.abs(expectedNs - timeNs);
    boolean nothingDue = expectedDistanceNs > toleranceNs;
    boolean nearEnough = bestNs <= toleranceNs && expectedDistanceNs + MARGIN_NS >= bestNs;
    if (nothingDue || nearEnough) {
      return AT_ONCE;
    }
    // With something to show instead, a frame that is clearly late is not waited for.
    return bestNs <= settings.maxHoldNs()
        ? Math.min(latestNs, infrared.expectedArrivalNs(expectedNs))
        : latestNs;
  }

  private FramePair matched(long timeNs, int partner, long nowNs) {
    for (int i = 0; i < partner; i++) {
      infrared.dropFirst(passedOver(infrared.timeNs(0), infrared.offeredNs(0), timeNs));
    }
    long infraredNs = infrared.timeNs(0);
    Frame thermal = infrared.takeFirst(SyncOutcome.MATCHED);
    hold(thermal.retain(), infraredNs);
    statistics.recordSkew(infraredNs - timeNs);
    Frame picture = visible.takeFirst(SyncOutcome.MATCHED);
    emitted(timeNs, true, nowNs);
    return new FramePair(
        Kind.MATCHED, Cause.NONE, picture, thermal, timeNs, infraredNs - timeNs, 0);
  }

  /** The picture goes out with the held infrared frame, if that is young enough, or alone. */
  private FramePair withoutNew(long timeNs, long nowNs) {
    while (!infrared.isEmpty() && infrared.timeNs(0) <= timeNs) {
      long infraredNs = infrared.timeNs(0);
      SyncOutcome outcome = passedOver(infraredNs, infrared.offeredNs(0), timeNs);
      if (outcome == SyncOutcome.UNMATCHED) {
        infrared.dropFirst(outcome);
      } else {
        hold(infrared.takeFirst(outcome), infraredNs);
      }
    }
    boolean ffc =
        infrared.state() == CameraLane.State.FFC || (!infrared.isEmpty() && infrared.afterFfc(0));
    long ageNs = Math.max(0, timeNs - heldNs);
    Frame last = held;
    if (last != null && ageNs <= (ffc ? settings.ffcHoldNs() : settings.maxHoldNs())) {
      long usualNs = infrared.periodNs() + settings.toleranceNs();
      Cause cause = ffc ? Cause.FFC : ageNs <= usualNs ? Cause.SLOWER : Cause.OVERDUE;
      Frame picture = visible.takeFirst(SyncOutcome.WITH_HELD);
      emitted(timeNs, false, nowNs);
      return new FramePair(
          Kind.INFRARED_HELD, cause, picture, last.retain(), timeNs, heldNs - timeNs, ageNs);
    }
    letGo();
    boolean gone = !infrared.open() || (live && overdue(infrared, nowNs));
    Cause cause = ffc ? Cause.FFC : gone ? Cause.LOST : Cause.SKEW;
    Frame picture = visible.takeFirst(SyncOutcome.ALONE);
    emitted(timeNs, false, nowNs);
    return new FramePair(Kind.VISIBLE_ONLY, cause, picture, null, timeNs, 0, 0);
  }

  private @Nullable FramePair infraredAlone(long nowNs) {
    while (!infrared.isEmpty()) {
      long aloneAtNs = aloneAt(infrared.offeredNs(0));
      if (nowNs < aloneAtNs) {
        wakeUpNs = aloneAtNs;
        return null;
      }
      long timeNs = infrared.timeNs(0);
      if (timeNs <= emittedNs) {
        infrared.dropFirst(SyncOutcome.LATE);
      } else {
        Frame thermal = infrared.takeFirst(SyncOutcome.ALONE);
        hold(thermal.retain(), timeNs);
        emitted(timeNs, false, nowNs);
        wakeUpNs = nowNs;
        Cause cause = visibleFrozen() ? Cause.FROZEN : Cause.LOST;
        return new FramePair(Kind.INFRARED_ONLY, cause, null, thermal, timeNs, 0, 0);
      }
    }
    return null;
  }

  /** From when an infrared frame may go out without a visible one. */
  private long aloneAt(long offeredNs) {
    if (!visible.open()) {
      return live || visible.state() == CameraLane.State.ENDED ? AT_ONCE : NEVER;
    }
    return live
        ? Math.max(offeredNs + settings.maxWaitNs(), visible.overdueAtNs(2 * settings.maxWaitNs()))
        : NEVER;
  }

  /** Why an infrared frame was not matched, seen from the picture that goes out now. */
  private SyncOutcome passedOver(long infraredNs, long offeredNs, long timeNs) {
    boolean near =
        Math.abs(infraredNs - timeNs) <= settings.toleranceNs()
            || Math.abs(infraredNs - emittedNs) <= settings.toleranceNs();
    boolean missed =
        !emittedMatched
            && offeredNs > emittedAtNs
            && Math.abs(infraredNs - emittedNs) <= settings.toleranceNs();
    if (infraredNs < emittedNs || missed) {
      return SyncOutcome.LATE;
    }
    return near ? SyncOutcome.SURPLUS : SyncOutcome.UNMATCHED;
  }

  private boolean overdue(CameraLane lane, long nowNs) {
    return nowNs >= lane.overdueAtNs(2 * settings.maxWaitNs());
  }

  private void emitted(long timeNs, boolean match, long nowNs) {
    emittedMatched = match;
    emittedNs = timeNs;
    emittedAtNs = nowNs;
  }

  private void hold(Frame frame, long timeNs) {
    letGo();
    held = frame;
    heldNs = timeNs;
  }

  private void letGo() {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  private CameraLane lane(Modality modality) {
    return modality == Modality.VISIBLE ? visible : infrared;
  }
}

package dev.nightfuse.sync;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.SilenceLimit;
import dev.nightfuse.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one camera that wait, oldest first, and what is known of the camera's rhythm. Times
 * are capture times less the camera's offset.
 */
final class CameraLane {

  /** Whether frames can be expected. */
  enum State {
    /** Not seen yet. */
    EXPECTED,
    /** Reported lost. */
    ABSENT,
    LIVE,
    /** The shutter is closed for flat-field correction. */
    FFC,
    /** It repeats an old picture. */
    FROZEN,
    /** A finite source is at its end. */
    ENDED
  }

  private static final long NONE = Long.MIN_VALUE;

  /** Taken for a camera of which too few frames were seen: that of a slow thermal camera. */
  private static final long UNKNOWN_PERIOD_NS = 150_000_000;

  private static final long MILLI_NS = 1_000_000;

  /** Loss shows within a second, that of a slow camera after three of its periods. */
  private static final long USUAL_SILENCE_MS = 800;

  private final Modality modality;
  private final SyncStatistics statistics;
  private final Rhythm rhythm = new Rhythm();
  private final SilenceLimit silence = new SilenceLimit(USUAL_SILENCE_MS);
  private final Frame[] frames;
  private final long[] times;
  private final long[] offered;
  private final boolean[] afterFfc;
  private int head;
  private int size;

  private State state = State.EXPECTED;
  private long lastNs = NONE;
  private long lastOfferedNs = NONE;
  private boolean ffcSinceLast;

  CameraLane(Modality modality, int capacity, SyncStatistics statistics) {
    this.modality = modality;
    this.statistics = statistics;
    this.frames = new Frame[capacity];
    this.times = new long[capacity];
    this.offered = new long[capacity];
    this.afterFfc = new boolean[capacity];
  }

  /** Takes the frame, or drops and counts it. */
  void offer(Frame frame, long timeNs, long nowNs) {
    if (lastNs != NONE && timeNs <= lastNs) {
      drop(frame, timeNs == lastNs ? SyncOutcome.DUPLICATE : SyncOutcome.OUT_OF_ORDER);
      return;
    }
    if (size == frames.length) {
      dropFirst(SyncOutcome.OVERLOAD);
    }
    if (lastNs != NONE && state == State.LIVE) {
      rhythm.frame(timeNs - lastNs, nowNs - timeNs);
    }
    if (state != State.FFC) {
      state = State.LIVE;
    }
    int tail = (head + size) % frames.length;
    frames[tail] = frame;
    times[tail] = timeNs;
    offered[tail] = nowNs;
    afterFfc[tail] = ffcSinceLast;
    ffcSinceLast = state == State.FFC;
    size++;
    lastNs = timeNs;
    lastOfferedNs = nowNs;
    silence.frame(nowNs);
  }

  void ffc(boolean closed) {
    if (closed) {
      state = State.FFC;
      ffcSinceLast = true;
    } else if (state == State.FFC) {
      state = State.LIVE;
    }
  }

  /** Until its next frame. */
  void frozen() {
    state = State.FROZEN;
  }

  /** The camera is gone; when it returns it may stamp as it likes. */
  void lost() {
    state = State.ABSENT;
    lastNs = NONE;
    lastOfferedNs = NONE;
    ffcSinceLast = false;
    rhythm.reset();
    silence.reset();
  }

  void ended() {
    state = State.ENDED;
  }

  State state() {
    return state;
  }

  /** Whether a frame is to be expected. */
  boolean open() {
    return state != State.ABSENT && state != State.FROZEN && state != State.ENDED;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size == frames.length;
  }

  long timeNs(int index) {
    return times[slot(index)];
  }

  long offeredNs(int index) {
    return offered[slot(index)];
  }

  /** Whether the shutter was closed between the frame before this one and this one. */
  boolean afterFfc(int index) {
    return afterFfc[slot(index)];
  }

  /** Index of the waiting frame nearest in time, the earlier of two equally near; -1 when empty. */
  int nearest(long timeNs) {
    int best = -1;
    long bestDistance = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      long distance = Math.abs(timeNs(i) - timeNs);
      if (distance < bestDistance) {
        best = i;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Whether no frame nearer to the time than those waiting can still come. */
  boolean reached(long timeNs) {
    return lastNs != NONE && lastNs >= timeNs;
  }

  /** Capture time of the coming frame that should lie nearest to the time; NONE when unknown. */
  long expectedNear(long timeNs) {
    long period = rhythm.periodNs();
    if (period <= 0 || lastNs == NONE) {
      return NONE;
    }
    long periods = Math.max(1, Math.round((timeNs - lastNs) / (double) period));
    return lastNs + periods * period;
  }

  /** When a frame of this capture time should be here at the latest. */
  long expectedArrivalNs(long timeNs) {
    return timeNs + rhythm.delayNs() + rhythm.periodNs() / 2;
  }

  static boolean known(long expectedNs) {
    return expectedNs != NONE;
  }

  /** How long silence of this camera says nothing; a camera that never was has a usual one's. */
  long patienceNs() {
    return MILLI_NS * (lastOfferedNs == NONE ? USUAL_SILENCE_MS : silence.limitMs());
  }

  /** Whether it has been silent for longer than that, or never spoke. */
  boolean silent(long nowNs) {
    return lastOfferedNs == NONE || nowNs - lastOfferedNs >= patienceNs();
  }

  /** The median distance of its frames, or 0 when not known yet. */
  long periodNs() {
    return rhythm.periodNs();
  }

  /**
   * When silence turns into absence, if no frame comes: three periods, at least {@code leastNs}.
   */
  long overdueAtNs(long leastNs) {
    if (lastOfferedNs == NONE) {
      return NONE;
    }
    long periodNs = rhythm.periodNs() == 0 ? UNKNOWN_PERIOD_NS : rhythm.periodNs();
    return lastOfferedNs + Math.max(leastNs, 3 * periodNs);
  }

  /** Removes the oldest frame and gives its reference to the caller. */
  Frame takeFirst(SyncOutcome outcome) {
    Frame frame = frame(0);
    frames[head] = null;
    head = (head + 1) % frames.length;
    size--;
    statistics.record(modality, outcome);
    return frame;
  }

  void dropFirst(SyncOutcome outcome) {
    takeFirst(outcome).release();
  }

  void drop(Frame frame, SyncOutcome outcome) {
    statistics.record(modality, outcome);
    frame.release();
  }

  void flush() {
    while (size > 0) {
      dropFirst(SyncOutcome.FLUSHED);
    }
  }

  private Frame frame(int index) {
    @Nullable Frame frame = frames[slot(index)];
    if (frame == null) {
      throw new IllegalStateException("no frame at " + index + " of " + size);
    }
    return frame;
  }

  private int slot(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("frame " + index + " of " + size + " waiting");
    }
    return (head + index) % frames.length;
  }
}

package dev.nightfuse.stream;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.telemetry.StreamReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One view's meeting point. The publisher asks {@link #wanted} and {@link #takeKeyFrameRequest},
 * and calls {@link #described}, {@link #publish} and {@link #idle}; outputs see a {@link
 * VideoStream}. The hub calls nobody but the viewers' wake-ups.
 *
 * <p><b>Threads.</b> One publisher at a time; everything else from any thread. No lock is held
 * while a wake-up runs.
 */
public final class StreamHub implements VideoStream, AutoCloseable {

  /** How long the encoder outlives its last viewer: a reload of a page should not restart it. */
  private static final long LINGER_NS = 5_000_000_000L;

  /** Asked for more often, key frames would eat the bit rate. */
  private static final long KEY_FRAME_INTERVAL_NS = 500_000_000L;

  private static final long INFO_TIMEOUT_MS = 5_000;

  private final String rig;
  private final View view;
  private final FrameClock clock;
  private final StageMetrics captureToSend;
  private final long infoTimeoutMs;

  private final CopyOnWriteArrayList<Viewer> viewers = new CopyOnWriteArrayList<>();
  private final LongAdder units = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /** Guards everything below. */
  private final Object lock = new Object();

  private final Map<Long, CompletableFuture<StreamInfo>> questions = new LinkedHashMap<>();
  private long questionCount;
  private @Nullable StreamInfo info;
  private String encoder = "";
  private boolean lingering;
  private long lingerUntilNs;
  private boolean keyFrameWanted;
  private boolean keyFrameAsked;
  private long keyFrameAskedNs;
  private boolean closed;

  /**
   * @param captureToSend takes the age of every unit when it reaches the viewers' queues
   */
  public StreamHub(String rig, View view, FrameClock clock, StageMetrics captureToSend) {
    this(rig, view, clock, captureToSend, INFO_TIMEOUT_MS);
  }

  StreamHub(
      String rig, View view, FrameClock clock, StageMetrics captureToSend, long infoTimeoutMs) {
    this.rig = rig;
    this.view = view;
    this.clock = clock;
    this.captureToSend = captureToSend;
    this.infoTimeoutMs = infoTimeoutMs;
  }

  @Override
  public String rig() {
    return rig;
  }

  @Override
  public View view() {
    return view;
  }

  @Override
  public CompletableFuture<StreamInfo> info() {
    CompletableFuture<StreamInfo> answer = new CompletableFuture<>();
    long number;
    synchronized (lock) {
      if (closed) {
        answer.completeExceptionally(new IllegalStateException("stream is over: " + this));
        return answer;
      }
      linger();
      StreamInfo known = info;
      if (known != null) {
        answer.complete(known);
        return answer;
      }
      number = questionCount++;
      questions.put(number, answer);
    }
    answer.orTimeout(infoTimeoutMs, TimeUnit.MILLISECONDS);
    // Forgotten however it ends, so that questions about a dead rig do not pile up.
    var unused = answer.whenComplete((known, failure) -> forget(number));
    return answer;
  }

  private void forget(long number) {
    synchronized (lock) {
      questions.remove(number);
    }
  }

  @Override
  public Subscription subscribe(String name, int queueUnits, Runnable wakeUp) {
    Viewer viewer = new Viewer(this, name, queueUnits, wakeUp);
    boolean over;
    synchronized (lock) {
      over = closed;
      if (!over) {
        viewers.add(viewer);
        keyFrameWanted = true;
      }
    }
    if (over) {
      viewer.end();
    }
    return viewer;
  }

  void detach(Viewer viewer) {
    synchronized (lock) {
      if (viewers.remove(viewer) && viewers.isEmpty()) {
        linger();
      }
    }
  }

  private void linger() {
    lingering = true;
    lingerUntilNs = clock.nowNs() + LINGER_NS;
  }

  void requestKeyFrame() {
    synchronized (lock) {
      keyFrameWanted = true;
    }
  }

  @Override
  public int viewers() {
    return viewers.size();
  }

  /** Whether anyone watches, asks, or did a moment ago: otherwise there is nothing to encode. */
  public boolean wanted() {
    synchronized (lock) {
      if (closed) {
        return false;
      }
      if (lingering && clock.nowNs() - lingerUntilNs >= 0) {
        lingering = false;
      }
      return !viewers.isEmpty() || !questions.isEmpty() || lingering;
    }
  }

  /** Whether the next picture should be a key frame; true at most twice a second. */
  public boolean takeKeyFrameRequest() {
    synchronized (lock) {
      long nowNs = clock.nowNs();
      if (!keyFrameWanted || (keyFrameAsked && nowNs - keyFrameAskedNs < KEY_FRAME_INTERVAL_NS)) {
        return false;
      }
      keyFrameWanted = false;
      keyFrameAsked = true;
      keyFrameAskedNs = nowNs;
      return true;
    }
  }

  /** The encoder runs: what its stream is, and its name. Before the first unit. */
  public void described(StreamInfo known, String encoderName) {
    List<CompletableFuture<StreamInfo>> answers;
    synchronized (lock) {
      info = known;
      encoder = encoderName;
      answers = new ArrayList<>(questions.values());
      questions.clear();
      if (!answers.isEmpty()) {
        linger();
      }
    }
    answers.forEach(answer -> answer.complete(known));
  }

  /** The encoder is off or being rebuilt; the next unit will be a key frame. */
  public void idle() {
    synchronized (lock) {
      info = null;
      encoder = "";
    }
  }

  /** Hands one unit to every viewer. Never waits. */
  public void publish(AccessUnit unit) {
    if (unit.keyFrame()) {
      synchronized (lock) {
        // Whoever waited until here is served by this one.
        keyFrameWanted = false;
      }
    }
    long nowNs = clock.nowNs();
    units.increment();
    bytes.add(unit.payload().length);
    for (Viewer viewer : viewers) {
      dropped.add(viewer.offer(unit));
    }
    captureToSend.processed(unit.latencyNs(nowNs));
  }

  /** What the stream counts. */
  public StreamReading reading() {
    String name;
    synchronized (lock) {
      name = encoder;
    }
    return new StreamReading(
        view.label(), viewers(), units.sum(), bytes.sum(), dropped.sum(), name);
  }

  /** Ends the stream for every viewer; what is in their queues can still be read. Idempotent. */
  @Override
  public void close() {
    List<CompletableFuture<StreamInfo>> answers;
    synchronized (lock) {
      closed = true;
      answers = new ArrayList<>(questions.values());
      questions.clear();
    }
    IllegalStateException over = new IllegalStateException("stream is over: " + this);
    answers.forEach(answer -> answer.completeExceptionally(over));
    for (Viewer viewer : viewers) {
      viewer.end();
    }
    viewers.clear();
  }

  @Override
  public String toString() {
    return rig + "/" + view.label();
  }
}

package dev.nightfuse.supervise;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.SilenceLimit;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one camera delivering: opens it, watches it, and opens it again for ever, also when the
 * first attempt fails; only a recording that has ended stays so. Pauses grow and are jittered, so
 * that many cameras behind one switch do not come back in step.
 *
 * <p>A picture that the camera repeats for longer than {@link CameraSource#freezeMs()} is handed on
 * no more until another one comes: an infrared camera counts as correcting its flat field
 * meanwhile, a visible one as frozen, except that a blank picture may repeat. A camera that goes on
 * repeating is opened again; what it delivered before is no sign of life then.
 *
 * <p><b>Threads.</b> One that supervises, {@code camera-NAME}, and one per attempt, {@code
 * capture-NAME}, on which the sink is called. An attempt that hangs in a driver is left behind (a
 * daemon thread) and can no longer reach the sink. <b>States.</b> {@link CameraState}. {@link
 * #close()} takes two seconds at most.
 */
public final class CameraSupervisor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CameraSupervisor.class);
  private static final long TICK_NS = 50_000_000;
  private static final double JITTER = 0.2;

  /** A source that tells of its own silence is not interrupted just before. */
  private static final long MARGIN_MS = 100;

  /** Attempts that may hang in a driver at a time; one more would only be the next to hang. */
  private static final int MOST_HUNG = 3;

  private final CameraSettings settings;
  private final CameraAdapters adapters;
  private final FrameSink sink;
  private final Runnable onLost;
  private final SupervisorTimes times;
  private final FrameClock clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;

  /** Workers that did not come back; the supervising thread's own. */
  private final List<Thread> hung = new ArrayList<>();

  /** Used by one attempt at a time, while it is delivering and not abandoned. */
  private final FreezeDetector freeze;

  // Guarded by the lock.
  private CameraState state = CameraState.CONNECTING;
  private String message = "";
  private long frames;
  private long lost;
  private long reconnects;
  private boolean closed;
  private String lastToldReason = "";

  /**
   * What is known about the camera at one moment; counts are since start.
   *
   * @param message why it is lost, ended or frozen, or ""
   * @param frames frames delivered
   * @param lost frames the camera said it lost
   * @param reconnects attempts after the first
   */
  public record Status(
      CameraState state, String message, long frames, long lost, long reconnects) {}

  /**
   * @param sink takes the frames; never called by two threads at a time
   * @param onLost told after every attempt that failed or fell silent, whether it had delivered or
   *     not
   */
  public CameraSupervisor(
      CameraSettings settings,
      CameraAdapters adapters,
      FrameSink sink,
      Runnable onLost,
      SupervisorTimes times,
      RandomGenerator random) {
    this.settings = settings;
    this.adapters = adapters;
    this.sink = sink;
    this.onLost = onLost;
    this.times = times;
    this.clock = settings.clock();
    this.random = random;
    this.freeze = new FreezeDetector(settings.modality());
    this.thread = new Thread(this::supervise, "camera-" + settings.name());
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  public Status status() {
    lock.lock();
    try {
      return new Status(state, message, frames, lost, reconnects);
    } finally {
      lock.unlock();
    }
  }

  private void supervise() {
    long pauseMs = times.firstRetryMs();
    while (true) {
      Attempt attempt = new Attempt();
      attempt.start();
      String reason = attempt.watch();
      boolean delivered = attempt.delivered;
      if (attempt.atEnd && attempt.failure == null) {
        end();
        return;
      }
      if (!becomeLost(reason)) {
        return;
      }
      if (attempt.worker.isAlive()) {
        hung.add(attempt.worker);
      }
      pauseMs = delivered ? times.firstRetryMs() : Math.min(2 * pauseMs, times.longestRetryMs());
      do {
        if (!pause(pauseMs)) {
          return;
        }
        hung.removeIf(worker -> !worker.isAlive());
      } while (hung.size() >= MOST_HUNG);
      if (!connect()) {
        return;
      }
    }
  }

  /** Whether another attempt is to be made. */
  private boolean becomeLost(String reason) {
    boolean news;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      // The same reason attempt after attempt is told once.
      news = !reason.equals(lastToldReason);
      lastToldReason = reason;
      become(CameraState.LOST);
      message = reason;
    } finally {
      lock.unlock();
    }
    if (news) {
      LOG.warn("camera {} is lost: {}", settings.name(), reason);
    }
    onLost.run();
    return true;
  }

  /** The sink knows already. */
  private void end() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      become(CameraState.ENDED);
      message = "its recording has ended";
    } finally {
      lock.unlock();
    }
    boolean replayed = settings.uri().scheme().equals("replay");
    LOG.info(
        "camera {}: its recording has ended{}",
        settings.name(),
        replayed ? "; with loop=true in its address it begins again" : "");
  }

  private boolean pause(long pauseMs) {
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    long remainingNs = (long) (pauseMs * factor * 1e6);
    lock.lock();
    try {
      while (!closed && remainingNs > 0) {
        remainingNs = changed.awaitNanos(remainingNs);
      }
      return !closed;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean connect() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      reconnects++;
      become(CameraState.CONNECTING);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void become(CameraState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(
          "camera %s: %s to %s".formatted(settings.name(), state, next));
    }
    state = next;
  }

  /** Ends the camera; bounded. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(times.hangMs() + 500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One opening of the camera, and what came of it. */
  private final class Attempt implements FrameSink {

    private final Thread worker = new Thread(this::run, "capture-" + settings.name());
    private final ReentrantLock delivering = new ReentrantLock();
    private volatile boolean abandoned;
    private volatile boolean done;
    private volatile boolean delivered;
    private volatile boolean atEnd;
    private volatile boolean ffc;
    private volatile boolean frozen;
    private volatile long frozenNs;
    private volatile @Nullable String failure;
    private volatile long lastNs = clock.nowNs();
    private volatile long connectMs = times.connectMs();
    private volatile long toldSilenceMs;

    /** Of a camera that has told nothing; guarded by the lock. */
    private final SilenceLimit seen = new SilenceLimit(times.silenceMs() - MARGIN_MS);

    /** The worker's own, as is the format that it told of before a frame of it was handed on. */
    private long freezeMs;

    private @Nullable FrameFormat untold;

    void start() {
      worker.setDaemon(true);
      worker.start();
    }

    private void run() {
      try {
        CameraSource source = adapters.open(settings);
        connectMs = Math.max(connectMs, source.connectMs() + MARGIN_MS);
        toldSilenceMs = source.silenceMs();
        freezeMs = source.freezeMs();
        source.run(this, () -> abandoned);
      } catch (CameraException e) {
        failure = String.valueOf(e.getMessage());
      } catch (RuntimeException | OutOfMemoryError e) {
        // Memory for its pictures may be free at a later attempt.
        LOG.error("camera {} failed", settings.name(), e);
        failure = e.toString();
      } finally {
        done = true;
        wake();
      }
    }

    private void wake() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Waits for the attempt's end, or ends it; returns why it is over. */
    String watch() {
      String silence = null;
      lock.lock();
      try {
        while (!done && !closed && silence == null) {
          changed.awaitNanos(TICK_NS);
          silence = silence();
        }
      } catch (InterruptedException e) {
        silence = "interrupted";
      } finally {
        lock.unlock();
      }
      abandon();
      String known = failure;
      if (known != null) {
        return known;
      }
      return silence != null ? silence : "it stopped delivering without saying why";
    }

    private @Nullable String silence() {
      if (delivered && settings.pacing() == Pacing.AS_TAKEN) {
        // The consumer sets the pace: what is missing are its calls, not the camera's frames.
        return null;
      }
      if (frozen && clock.nowNs() - frozenNs > times.frozenMs() * 1_000_000) {
        return "the same picture for %d ms".formatted(times.frozenMs());
      }
      long limitMs = ffc ? times.ffcMs() : delivered ? silenceMs() : connectMs;
      return clock.nowNs() - lastNs > limitMs * 1_000_000
          ? "no frames for %d ms".formatted(limitMs)
          : null;
    }

    private long silenceMs() {
      long toldMs = toldSilenceMs;
      return Math.max(times.silenceMs(), MARGIN_MS + (toldMs > 0 ? toldMs : seen.limitMs()));
    }

    private void abandon() {
      abandoned = true;
      try {
        TimeUnit.MILLISECONDS.timedJoin(worker, times.hangMs());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (worker.isAlive()) {
        LOG.error("camera {}: its driver hangs; the attempt is left behind", settings.name());
      }
      delivering.lock();
      try {
        // A delivery that was under way is over, and none begins any more: the next attempt may
        // start.
        done = true;
      } finally {
        delivering.unlock();
      }
    }

    @Override
    public void started(FrameFormat format) {
      untold = format;
    }

    @Override
    public void frame(Frame frame) {
      delivering.lock();
      try {
        if (abandoned) {
          frame.release();
          return;
        }
        if (isOld(frame)) {
          frame.release();
          return;
        }
        if (untold != null) {
          sink.started(untold);
          untold = null;
        }
        count(1, 0, CameraState.READY);
        sink.frame(frame);
      } finally {
        delivering.unlock();
      }
    }

    /** Whether the camera repeats an old picture; tells when that begins and ends. */
    private boolean isOld(Frame frame) {
      boolean old = freezeMs > 0 && freeze.isOld(frame, freezeMs);
      if (old != frozen) {
        frozenNs = clock.nowNs();
        frozen = old;
        // One that has shown nothing else since it was opened is not there yet.
        if (delivered) {
          tellOld(old);
        }
      }
      if (old) {
        count(0, 0, null);
      }
      return old;
    }

    private void tellOld(boolean old) {
      if (settings.modality() == Modality.INFRARED) {
        event(old ? CameraEvent.FFC_STARTED : CameraEvent.FFC_ENDED);
      } else if (old) {
        event(CameraEvent.FROZEN);
      }
    }

    private void count(long newFrames, long newLost, @Nullable CameraState next) {
      lock.lock();
      try {
        frames += newFrames;
        lost += newLost;
        lastNs = clock.nowNs();
        if (newFrames > 0) {
          seen.frame(lastNs);
        }
        if (next != null && state != next) {
          if (next == CameraState.READY && state == CameraState.CONNECTING) {
            LOG.info("camera {} delivers", settings.name());
            lastToldReason = "";
          }
          become(next);
          message = next == CameraState.FROZEN ? "it repeats its last picture" : "";
        }
        delivered |= newFrames > 0;
        ffc = state == CameraState.FFC;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void event(CameraEvent event) {
      delivering.lock();
      try {
        if (abandoned) {
          return;
        }
        switch (event) {
          case FFC_STARTED -> count(0, 0, CameraState.FFC);
          case FFC_ENDED -> count(0, 0, CameraState.READY);
          case FROZEN -> {
            count(0, 0, CameraState.FROZEN);
            LOG.warn("camera {} repeats its last picture, which is shown no more", settings.name());
          }
          case FRAME_LOST -> count(0, 1, null);
          case END_OF_STREAM -> atEnd = true;
        }
        sink.event(event);
      } finally {
        delivering.unlock();
      }
    }
  }
}

package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.frame.FrameClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the engine of one picture size: opens it, runs batches, reopens it after a
 * failure. Rigs leave their pairs here and wait for them as long as they like; each has no more
 * than {@link #ahead()} at a time, which bounds the queue. An {@link Error}, such as no memory for
 * buffers or a library that does not load, is a failure like others: it may pass, and the thread is
 * the only one there is.
 *
 * <pre>
 *   OPENING --ok--&gt; OPEN --failure--&gt; FAILED --pause over--&gt; OPENING
 *      \--refused------------------------^       any --close--&gt; CLOSED
 * </pre>
 */
final class EngineWorker {

  private static final Logger LOG = LoggerFactory.getLogger(EngineWorker.class);
  private static final long JOIN_MS = 5_000;

  /** As the main thread of a C++ program has, for which engines are written; used, not taken. */
  private static final long STACK_BYTES = 8L << 20;

  /** What one more call counts for in the engine's measured speed. */
  private static final double NEWEST_CALL = 0.25;

  /**
   * Calls after which a picture is overdue: it may wait for another rig's, needs its own, and is
   * shown until the same of the next one.
   */
  private static final int CALLS_SHOWN = 4;

  /** What the thread does next. */
  private enum Task {
    OPEN,
    BEGIN,
    FINISH,
    CHECK,
    END
  }

  /** What the engine is doing. */
  enum State {
    OPENING,
    OPEN,
    FAILED,
    CLOSED
  }

  private final EngineOpener opener;
  private final BatchSettings settings;
  private final FrameClock clock;
  private final CheckListener checks;
  private final int widthPx;
  private final int heightPx;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition progress = lock.newCondition();
  private final Deque<FusionJob> waiting = new ArrayDeque<>();
  private State state = State.OPENING;
  private boolean everOpened;
  private int rigs;
  private long retryAtNs;
  private long pauseMs;
  private long callNs;
  private long checkAtNs;
  private @Nullable EngineSpec spec;
  private @Nullable FusionEngine opened;
  private int depth = 1;
  private String trouble = "is being opened";

  EngineWorker(
      EngineOpener opener,
      BatchSettings settings,
      FrameClock clock,
      CheckListener checks,
      int widthPx,
      int heightPx) {
    this.opener = opener;
    this.checks = checks;
    this.settings = settings;
    this.clock = clock;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.pauseMs = settings.firstRetryMs();
    this.thread = new Thread(null, this::run, "engine-" + widthPx + "x" + heightPx, STACK_BYTES);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  boolean isFor(int width, int height) {
    return widthPx == width && heightPx == height;
  }

  /** Pairs that are in no batch yet. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** A rig joins or leaves; gives the number of rigs now. */
  int addRigs(int change) {
    lock.lock();
    try {
      rigs += change;
      work.signal();
      return rigs;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the open engine takes and gives.
   *
   * @param patient wait as long as it takes to open; otherwise only the first opening is waited for
   */
  EngineSpec awaitOpen(boolean patient) throws EngineException, InterruptedException {
    lock.lock();
    try {
      long leftNs =
          patient ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(settings.openTimeoutMs());
      while (state == State.OPENING && (patient || !everOpened) && leftNs > 0) {
        leftNs = progress.awaitNanos(leftNs);
      }
      if (state == State.OPENING) {
        everOpened = true; // The first wait is over; the next pair does not wait again.
      }
      EngineSpec now = spec;
      if (state != State.OPEN || now == null) {
        throw new EngineException("the engine " + trouble);
      }
      return now;
    } finally {
      lock.unlock();
    }
  }

  /** Queues the job, to be run together with others' if they come in time. */
  void submit(FusionJob job) throws EngineException {
    lock.lock();
    try {
      EngineSpec now = spec;
      if (state != State.OPEN || now == null || !job.spec.takesPlanesOf(now)) {
        job.finish(null);
        throw new EngineException("the engine " + trouble);
      }
      waiting.add(job);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the job is done, after a wait of {@code maxWaitNs} at most.
   *
   * @throws EngineException when it is done and failed
   */
  boolean await(FusionJob job, long maxWaitNs) throws EngineException, InterruptedException {
    lock.lock();
    try {
      long leftNs = maxWaitNs;
      while (!job.done && leftNs > 0) {
        leftNs = progress.awaitNanos(leftNs);
      }
      if (job.failure != null) {
        throw job.failure;
      }
      return job.done;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody waits for the job any more; one that has begun gives its frames back when it ends. */
  void abandon(FusionJob job) {
    lock.lock();
    try {
      if (waiting.remove(job)) {
        job.finish(null);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Pairs that a rig leaves here at a time to keep the engine busy: one where it takes one batch,
   * else one more than it takes, so that the next is here when one of them ends.
   */
  int ahead() {
    lock.lock();
    try {
      return depth == 1 ? 1 : depth + 1;
    } finally {
      lock.unlock();
    }
  }

  /** How long a live rig holds a pair for the engine: not at all where that was too short. */
  long pairWaitNs() {
    long waitNs = TimeUnit.MILLISECONDS.toNanos(settings.pairWaitMs());
    lock.lock();
    try {
      return callNs > waitNs ? 0 : waitNs;
    } finally {
      lock.unlock();
    }
  }

  /** How long a live rig shows a picture, from the moment its pair was left here. */
  long showableNs() {
    lock.lock();
    try {
      return Math.max(
          TimeUnit.MILLISECONDS.toNanos(settings.fuseTimeoutMs()), CALLS_SHOWN * callNs);
    } finally {
      lock.unlock();
    }
  }

  /** The engine in words, for status and logs. */
  String describe() {
    lock.lock();
    try {
      EngineSpec now = spec;
      return state == State.OPEN && now != null
          ? now.backend() + ", " + now.model()
          : "none: " + trouble;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      if (state == State.OPENING) {
        // A backend that prepares a model for minutes stops doing so.
        thread.interrupt();
      }
      state = State.CLOSED;
      trouble = "is closed";
      work.signal();
      if (opened != null) {
        opened.interrupt();
      }
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    UnderWay underWay = new UnderWay(settings.maxBatch());
    List<FusionJob> jobs = new ArrayList<>(settings.maxBatch());
    FusionEngine engine = null;
    try {
      while (true) {
        engine = succeeded(engine, underWay);
        Task task = awaitTask(jobs, underWay.size(), engine == null ? 0 : engine.depth());
        if (task == Task.END) {
          return;
        } else if (task == Task.OPEN || engine == null) {
          closeQuietly(engine);
          engine = open();
        } else if (task == Task.CHECK) {
          check(engine);
        } else {
          execute(task, engine, underWay, jobs);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} was interrupted", thread.getName());
    } finally {
      end(jobs, underWay);
      closeQuietly(engine);
    }
  }

  /**
   * Waits for something to do: a batch to begin, because all rigs are here or the oldest pair has
   * waited long enough; else one to finish; else, when nobody waits for anything, a check.
   */
  private Task awaitTask(List<FusionJob> jobs, int underWay, int depth)
      throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long waitNs = Long.MAX_VALUE;
        switch (state) {
          case CLOSED -> {
            return underWay > 0 ? Task.FINISH : Task.END;
          }
          case OPENING -> {
            return Task.OPEN;
          }
          case FAILED -> {
            waitNs = retryAtNs - clock.nowNs();
            if (waitNs <= 0) {
              state = State.OPENING;
              return Task.OPEN;
            }
          }
          case OPEN -> {
            waitNs = toCollectNs();
            if (waitNs <= 0 && underWay < depth) {
              take(jobs);
              return Task.BEGIN;
            }
            if (underWay > 0) {
              return Task.FINISH;
            }
            if (waiting.isEmpty()) {
              waitNs = checkAtNs - clock.nowNs();
              if (waitNs <= 0) {
                return Task.CHECK;
              }
            }
          }
        }
        if (waitNs == Long.MAX_VALUE) {
          work.await();
        } else {
          work.awaitNanos(waitNs);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** How long the pairs that are here wait for others; 0 or less when they go. */
  private long toCollectNs() {
    FusionJob oldest = waiting.peek();
    if (oldest == null) {
      return Long.MAX_VALUE;
    }
    long readyNs = oldest.submittedNs + TimeUnit.MICROSECONDS.toNanos(settings.collectUs());
    return waiting.size() >= enough() ? 0 : readyNs - clock.nowNs();
  }

  /** A pair of each rig; pairs of one rig stay apart, so that they leave one after another. */
  private int enough() {
    return Math.max(1, Math.min(rigs, settings.maxBatch()));
  }

  private void take(List<FusionJob> jobs) {
    while (jobs.size() < enough() && !waiting.isEmpty()) {
      jobs.add(waiting.remove());
    }
  }

  private @Nullable FusionEngine open() {
    FusionEngine engine = null;
    EngineException refusal = null;
    try {
      engine = opener.open(widthPx, heightPx, settings.maxBatch());
    } catch (EngineException e) {
      refusal = e;
    } catch (RuntimeException | Error e) {
      refusal = new EngineException("opening the engine failed: " + e, e);
    }
    lock.lock();
    try {
      if (state == State.CLOSED) {
        return engine;
      }
      everOpened = true;
      if (engine == null) {
        fail(refusal == null ? new EngineException("no engine was opened") : refusal);
      } else {
        state = State.OPEN;
        use(engine);
      }
      progress.signalAll();
      return engine;
    } finally {
      lock.unlock();
    }
  }

  /** The engine to go on with, between two batches: its successor, where there is one. */
  private @Nullable FusionEngine succeeded(@Nullable FusionEngine engine, UnderWay underWay) {
    FusionEngine successor = engine == null || underWay.size() > 0 ? null : engine.successor();
    if (successor == null) {
      return engine;
    }
    lock.lock();
    try {
      if (state == State.OPEN) {
        use(successor);
      }
    } finally {
      lock.unlock();
    }
    closeQuietly(engine);
    return successor;
  }

  private void use(FusionEngine engine) {
    spec = engine.spec();
    opened = engine;
    depth = engine.depth();
    callNs = 0;
    checkAtNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(settings.checkEveryMs());
    LOG.info("engine for {}x{}: {}", widthPx, heightPx, describe());
  }

  private void execute(Task task, FusionEngine engine, UnderWay underWay, List<FusionJob> jobs) {
    EngineException failure = null;
    try {
      if (task == Task.BEGIN) {
        underWay.begin(engine, jobs, clock.nowNs());
        return;
      }
      underWay.finish(engine);
    } catch (EngineException e) {
      failure = e;
    }
    long nowNs = clock.nowNs();
    UnderWay.Flight flight = underWay.remove();
    lock.lock();
    try {
      if (failure == null) {
        pauseMs = settings.firstRetryMs();
        measured(nowNs - flight.begunNs);
      } else if (state == State.OPEN) {
        fail(failure);
      }
      finish(flight.jobs, failure);
      underWay.giveBack(flight);
      // An engine that failed has nothing under way any more.
      while (failure != null && underWay.size() > 0) {
        finish(underWay.remove().jobs, failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the engine still computes what it did when it was opened. */
  private void check(FusionEngine engine) {
    EngineException failure = null;
    try {
      EngineCheck found = engine.check();
      if (found != null) {
        checks.checked(engine.spec(), found);
        failure = found.passed() ? null : new EngineException("the engine went wrong: " + found);
      }
    } catch (EngineException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new EngineException("the engine failed: " + e, e);
    }
    lock.lock();
    try {
      checkAtNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(settings.checkEveryMs());
      if (failure != null && state == State.OPEN) {
        fail(failure);
        progress.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void measured(long tookNs) {
    if (callNs == 0 && tookNs > TimeUnit.MILLISECONDS.toNanos(settings.pairWaitMs())) {
      LOG.warn(
          "engine for {}x{} takes {} ms for a picture: live rigs show its last one meanwhile",
          widthPx,
          heightPx,
          TimeUnit.NANOSECONDS.toMillis(tookNs));
    }
    callNs += callNs == 0 ? tookNs : Math.round(NEWEST_CALL * (tookNs - callNs));
  }

  private void fail(EngineException cause) {
    trouble = "failed: " + cause.getMessage();
    LOG.warn("engine for {}x{} {}; next attempt in {} ms", widthPx, heightPx, trouble, pauseMs);
    LOG.debug("the engine", cause);
    state = State.FAILED;
    spec = null;
    retryAtNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(pauseMs);
    pauseMs = Math.min(2 * pauseMs, settings.longestRetryMs());
    EngineException others = new EngineException("the engine " + trouble, cause);
    for (FusionJob job : waiting) {
      job.finish(others);
    }
    waiting.clear();
  }

  private void finish(List<FusionJob> jobs, @Nullable EngineException failure) {
    for (FusionJob job : jobs) {
      job.finish(failure);
    }
    jobs.clear();
    progress.signalAll();
  }

  /** Whatever ended the thread, nobody waits for it any more. */
  private void end(List<FusionJob> jobs, UnderWay underWay) {
    lock.lock();
    try {
      state = State.CLOSED;
      spec = null;
      trouble = "is closed";
      while (underWay.size() > 0) {
        jobs.addAll(underWay.remove().jobs);
      }
      jobs.addAll(waiting);
      waiting.clear();
      finish(jobs, new EngineException("the engine is closed"));
    } finally {
      lock.unlock();
    }
  }

  private static void closeQuietly(@Nullable FusionEngine engine) {
    if (engine == null) {
      return;
    }
    try {
      engine.close();
    } catch (RuntimeException | Error e) {
      LOG.warn("closing the engine failed", e);
    }
  }
}

package dev.nightfuse.app;

import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine that runs while a better one is prepared on a thread of its own, for minutes, and then
 * makes way for it. When nothing comes of that, it makes way for itself as a permanent one.
 *
 * <pre>
 *   fuse, fuse, fuse ... ------&gt; successor: the better one, or this one's own engine
 *   preparing ... --ready or refused--^
 * </pre>
 */
final class StandInEngine implements FusionEngine {

  private static final Logger LOG = LoggerFactory.getLogger(StandInEngine.class);

  /** Ending a child process that builds takes up to four. */
  private static final long JOIN_S = 5;

  /** Engines are opened on it, which are written for the main thread of a C++ program. */
  private static final long STACK_BYTES = 8L << 20;

  private final FusionEngine engine;
  private final String wanted;
  private final Callable<FusionEngine> opener;
  private final EngineSpec spec;
  private final Thread thread;

  private volatile boolean interrupted;

  /** What takes over; guarded by this object's monitor like the two below. */
  private @Nullable FusionEngine successor;

  private boolean takenOver;
  private boolean closed;

  /**
   * Begins to open the better engine.
   *
   * @param engine runs meanwhile; closed with this one unless it is its own successor
   * @param wanted name of the better one's backend
   * @param opener opens it; an interrupt ends that
   */
  StandInEngine(FusionEngine engine, String wanted, Callable<FusionEngine> opener) {
    this.engine = engine;
    this.wanted = wanted;
    this.opener = opener;
    EngineSpec own = engine.spec();
    this.spec = own.withBackend("%s until %s is ready".formatted(own.backend(), wanted));
    this.thread =
        new Thread(
            null,
            this::prepare,
            "prepare-%dx%d".formatted(own.widthPx(), own.heightPx()),
            STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
  }

  private void prepare() {
    FusionEngine better = null;
    String reason = "";
    try {
      better = opener.call();
    } catch (EngineException e) {
      reason = String.valueOf(e.getMessage());
    } catch (Exception | Error e) {
      reason = e.toString();
    }
    synchronized (this) {
      if (closed) {
        if (better != null) {
          better.close();
        }
        return;
      }
      if (better == null && !interrupted) {
        LOG.warn("engine {}: {}; {} stays", wanted, reason, engine.spec().backend());
      }
      successor = better == null ? engine : better;
    }
  }

  @Override
  public EngineSpec spec() {
    return spec;
  }

  /** One batch at a time: after each of them another engine can take over. */
  @Override
  public int depth() {
    return 1;
  }

  @Override
  public synchronized @Nullable FusionEngine successor() {
    takenOver = successor != null;
    return successor;
  }

  @Override
  public void fuse(FusionBatch batch) throws EngineException {
    engine.fuse(batch);
  }

  @Override
  public @Nullable EngineCheck check() throws EngineException {
    return engine.check();
  }

  @Override
  public void interrupt() {
    interrupted = true;
    thread.interrupt();
    engine.interrupt();
  }

  @Override
  public void close() {
    FusionEngine unused;
    boolean goesOn;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      unused = takenOver ? null : successor;
      goesOn = takenOver && successor == engine;
    }
    thread.interrupt();
    if (unused != null && unused != engine) {
      unused.close();
    }
    if (!goesOn) {
      engine.close();
    }
    try {
      TimeUnit.SECONDS.timedJoin(thread, JOIN_S);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.nightfuse.fusion;

import dev.nightfuse.frame.FrameClock;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets the rigs of one program share engines: pairs of the same size that come close together are
 * fused in one call.
 *
 * <p><b>Thread.</b> Safe for every thread; each picture size has a worker thread of its own, so
 * that an engine that hangs stops nobody else. <b>States.</b> Open until {@link #close()}, which
 * closes the engines and joins the threads.
 */
public final class FusionBatcher implements AutoCloseable {

  private final EngineOpener opener;
  private final BatchSettings settings;
  private final FrameClock clock;
  private final CheckListener checks;
  private final List<EngineWorker> workers = new ArrayList<>();
  private boolean closed;

  public FusionBatcher(EngineOpener opener, BatchSettings settings, FrameClock clock) {
    this(opener, settings, clock, CheckListener.NONE);
  }

  /**
   * @param checks hears of the checks that engines make of themselves
   */
  public FusionBatcher(
      EngineOpener opener, BatchSettings settings, FrameClock clock, CheckListener checks) {
    this.checks = checks;
    this.opener = opener;
    this.settings = settings;
    this.clock = clock;
  }

  /** A rig's way to the engine for pictures of this size; the first one opens the engine. */
  public synchronized FusionLane lane(int widthPx, int heightPx) {
    if (closed) {
      throw new IllegalStateException("the batcher is closed");
    }
    EngineWorker worker = null;
    for (EngineWorker candidate : workers) {
      if (candidate.isFor(widthPx, heightPx)) {
        worker = candidate;
      }
    }
    if (worker == null) {
      worker = new EngineWorker(opener, settings, clock, checks, widthPx, heightPx);
      workers.add(worker);
      worker.start();
    }
    worker.addRigs(1);
    return new FusionLane(this, worker, clock);
  }

  /** Pairs that wait for the engine of this size, for tests. */
  synchronized int waiting(int widthPx, int heightPx) {
    return workers.stream()
        .filter(worker -> worker.isFor(widthPx, heightPx))
        .mapToInt(EngineWorker::waiting)
        .sum();
  }

  /** The last rig of a size closes its engine. */
  void leave(EngineWorker worker) {
    synchronized (this) {
      if (worker.addRigs(-1) > 0 || !workers.remove(worker)) {
        return;
      }
    }
    worker.close();
  }

  @Override
  public void close() {
    List<EngineWorker> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(workers);
      workers.clear();
    }
    all.forEach(EngineWorker::close);
  }
}

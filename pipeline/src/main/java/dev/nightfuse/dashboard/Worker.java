package dev.nightfuse.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/**
 * One thread for calls that may wait: status, metrics and controls have one, recordings and their
 * start and stop another. In order, one at a time.
 *
 * <p>Used on the event loop; results come back there.
 */
final class Worker {

  private final WorkerExecutor executor;
  private Future<?> last = Future.succeededFuture();

  /** The thread is named {@code NAME-0} and ends with {@code vertx}. */
  Worker(Vertx vertx, String name) {
    this.executor = vertx.createSharedWorkerExecutor(name, 1);
  }

  <T> Future<T> call(Callable<T> work) {
    // Its one thread keeps the order. Vert.x's own goes by event loop: all workers would wait for
    // one.
    Future<T> result = executor.executeBlocking(work, false);
    last = result;
    return result;
  }

  /** Completes when everything given so far is done: the event loop must live that long. */
  Future<Void> idle() {
    return last.transform(done -> Future.succeededFuture());
  }
}

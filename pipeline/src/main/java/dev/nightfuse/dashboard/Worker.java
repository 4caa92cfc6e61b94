package dev.nightfuse.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/**
 * The one thread for calls that may wait: status, metrics, controls. In order, one at a time.
 *
 * <p>Used on the event loop; results come back there.
 */
final class Worker {

  private final Vertx vertx;
  private Future<?> last = Future.succeededFuture();

  Worker(Vertx vertx) {
    this.vertx = vertx;
  }

  <T> Future<T> call(Callable<T> work) {
    Future<T> result = vertx.executeBlocking(work);
    last = result;
    return result;
  }

  /** Completes when everything given so far is done: the event loop must live that long. */
  Future<Void> idle() {
    return last.transform(done -> Future.succeededFuture());
  }
}

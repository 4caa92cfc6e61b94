package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Evaluates all pairs of a data set on several threads, each with engines of its own. The results
 * do not depend on their number.
 */
final class EvaluateRun {

  /** Pairs whose pictures the report shows. */
  private static final int SHOWN = 12;

  private final EvaluateDataset dataset;
  private final List<EvaluateModel> models;
  private final int threads;

  EvaluateRun(EvaluateDataset dataset, List<EvaluateModel> models, int threads) {
    this.dataset = dataset;
    this.models = models;
    this.threads = Math.min(threads, dataset.pairs().size());
  }

  /** Results in the order of the pairs. */
  List<EvaluateResult> run(Progress progress)
      throws UserErrorException, EngineException, InterruptedException {
    AtomicInteger started = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, task -> new Thread(task, "evaluate-" + started.incrementAndGet()));
    BlockingQueue<EvaluateWorker> idle = new ArrayBlockingQueue<>(threads);
    for (int i = 0; i < threads; i++) {
      idle.add(new EvaluateWorker(dataset, models));
    }
    try {
      return collect(pool, idle, progress);
    } finally {
      pool.shutdownNow();
      // Engines must not be closed under a thread that still uses them.
      if (pool.awaitTermination(1, TimeUnit.MINUTES)) {
        idle.forEach(EvaluateWorker::close);
      }
    }
  }

  private List<EvaluateResult> collect(
      ExecutorService pool, BlockingQueue<EvaluateWorker> idle, Progress progress)
      throws UserErrorException, EngineException, InterruptedException {
    List<ImagePairs.Pair> pairs = dataset.pairs();
    int every = (pairs.size() + SHOWN - 1) / SHOWN;
    ExecutorCompletionService<EvaluateResult> done = new ExecutorCompletionService<>(pool);
    List<Future<EvaluateResult>> futures = new ArrayList<>();
    progress.total(pairs.size());
    for (int i = 0; i < pairs.size(); i++) {
      ImagePairs.Pair pair = pairs.get(i);
      boolean shown = i % every == 0;
      futures.add(done.submit(() -> evaluate(idle, pair, shown)));
    }
    List<EvaluateResult> results = new ArrayList<>();
    try {
      for (int i = 0; i < pairs.size(); i++) {
        // The first failure ends the run at once, whichever pair it is.
        done.take().get();
        progress.step();
      }
      for (Future<EvaluateResult> future : futures) {
        results.add(future.get());
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof UserErrorException mistake) {
        throw mistake;
      }
      if (cause instanceof EngineException failure) {
        throw failure;
      }
      throw new IllegalStateException("evaluation failed: " + cause, cause);
    }
    return results;
  }

  private static EvaluateResult evaluate(
      BlockingQueue<EvaluateWorker> idle, ImagePairs.Pair pair, boolean shown)
      throws UserErrorException, EngineException, InterruptedException {
    EvaluateWorker worker = idle.take();
    try {
      return worker.evaluate(pair, shown);
    } finally {
      idle.add(worker);
    }
  }
}

package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives plans: from the cache, or built and kept. Safe for every thread. */
final class Plans {

  private static final Logger LOG = LoggerFactory.getLogger(Plans.class);

  private final PlanCache cache;
  private final PlanMaker maker;
  private final LongSupplier clockNs;

  Plans(PlanCache cache, PlanMaker maker, LongSupplier clockNs) {
    this.cache = cache;
    this.maker = maker;
    this.clockNs = clockNs;
  }

  PlanCache cache() {
    return cache;
  }

  /**
   * The plan of a key.
   *
   * @param here what works on this machine
   * @param listener hears of the build, if there is one
   * @throws EngineException when there is none and none can be built
   */
  PlanFile get(PlanKey key, PlanRequest request, TensorRtProbe.Here here, BuildListener listener)
      throws EngineException {
    PlanCache.Found found = cache.find(key);
    if (found.plan() != null) {
      return found.plan();
    }
    if (!here.whyNoBuilder().isEmpty()) {
      throw new EngineException(
          "no plan of model %s in the cache (%s), and none can be built: %s"
              .formatted(request.model(), found.reason(), here.whyNoBuilder()));
    }
    try {
      PlanCache.Lock lock = cache.lock(key);
      try {
        // Another process may have built it while this one waited.
        PlanCache.Found again = cache.find(key);
        return again.plan() != null ? again.plan() : build(key, request, found.reason(), listener);
      } finally {
        lock.release();
      }
    } catch (InterruptedException | FileLockInterruptionException | ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          "building the plan of model %s was given up".formatted(request.model()), e);
    } catch (IOException e) {
      throw new EngineException("the plan cache cannot be used: " + e, e);
    }
  }

  private PlanFile build(PlanKey key, PlanRequest request, String reason, BuildListener listener)
      throws EngineException, InterruptedException, IOException {
    LOG.info(
        "building a TensorRT plan of model {} for {}, once for this machine, in minutes: {}",
        request.model(),
        request.gpu().name(),
        reason);
    long startNs = clockNs.getAsLong();
    Path work = cache.workFile(key);
    try {
      maker.make(request, work, listener);
      long seconds = TimeUnit.NANOSECONDS.toSeconds(clockNs.getAsLong() - startNs);
      PlanFile kept = cache.keep(key, work, seconds);
      LOG.info(
          "plan of model {} built in {} s, {} MiB: {}",
          request.model(),
          seconds,
          kept.planBytes() >> 20,
          kept.file());
      return kept;
    } finally {
      Files.deleteIfExists(work);
    }
  }
}

package dev.nightfuse.engine.tensorrt;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log every so often how far a build is: a first start takes minutes. */
final class ProgressLog implements BuildListener {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);
  private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(15);

  private final String model;
  private final LongSupplier clockNs;
  private final long startNs;
  private long saidNs;

  ProgressLog(String model, LongSupplier clockNs) {
    this.model = model;
    this.clockNs = clockNs;
    this.startNs = clockNs.getAsLong();
    this.saidNs = startNs;
  }

  @Override
  public void progress(double fraction, String phase) {
    long nowNs = clockNs.getAsLong();
    if (nowNs - saidNs >= EVERY_NS) {
      saidNs = nowNs;
      LOG.info(
          "plan of model {}: {} % after {} s, {}",
          model,
          Math.round(100 * fraction),
          TimeUnit.NANOSECONDS.toSeconds(nowNs - startNs),
          phase);
    }
  }

  @Override
  public void said(String line) {
    LOG.info("plan of model {}: {}", model, line);
  }
}

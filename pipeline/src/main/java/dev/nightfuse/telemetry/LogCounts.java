package dev.nightfuse.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.ILoggerFactory;

/**
 * Counts warnings and errors of the log; {@code logback.xml} makes the one there is. Any thread.
 */
public final class LogCounts extends UnsynchronizedAppenderBase<ILoggingEvent> {

  private final LongAdder warnings = new LongAdder();
  private final LongAdder errors = new LongAdder();

  @Override
  protected void append(ILoggingEvent line) {
    if (line.getLevel() == Level.WARN) {
      warnings.increment();
    } else if (line.getLevel() == Level.ERROR) {
      errors.increment();
    }
  }

  static void write(PrometheusText out, ILoggerFactory loggers) {
    if (loggers.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root
        && root.getAppender("counts") instanceof LogCounts counts) {
      out.sample(Metric.LOG_LINES, counts.warnings.sum(), "warn");
      out.sample(Metric.LOG_LINES, counts.errors.sum(), "error");
    }
  }
}

package dev.nightfuse.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Sets how much the program logs; libraries stay at warnings. */
public final class LogLevel {

  private LogLevel() {}

  /**
   * @param name {@code error}, {@code warn}, {@code info} or {@code debug}
   */
  public static void set(String name) {
    if (LoggerFactory.getLogger("dev.nightfuse") instanceof Logger logger) {
      logger.setLevel(Level.toLevel(name, Level.INFO));
    }
  }
}

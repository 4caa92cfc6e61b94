package dev.nightfuse.telemetry;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.nightfuse.testing.HandClock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class ErrorLogTest {

  private final HandClock clock = new HandClock();
  private final Logger logger = (Logger) LoggerFactory.getLogger("ErrorLogTest");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final ErrorLog log = new ErrorLog(logger, clock);

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  void report_sameErrorThirtyTimesASecond_isLoggedOnceThenCounted() {
    for (int frame = 0; frame < 12 * 30; frame++) {
      log.report("demo/fuse", "engine failed", failure("out of memory at " + frame));
      clock.advanceMs(33);
    }

    assertEquals(
        List.of(
            "demo/fuse: engine failed: out of memory at 0",
            "demo/fuse: engine failed: out of memory at 304 (304 more)"),
        messages());
    assertEquals(360, log.count());
  }

  @Test
  void report_differentErrors_areLoggedEach() {
    log.report("demo/fuse", "engine failed", null);
    log.report("demo/encode", "engine failed", null);
    log.report("demo/encode", "stalled", new IllegalStateException());

    assertEquals(
        List.of(
            "demo/fuse: engine failed",
            "demo/encode: engine failed",
            "demo/encode: stalled: IllegalStateException"),
        messages());
  }

  @Test
  void report_endlesslyManyDifferentErrors_staysBounded() {
    for (int i = 0; i < 1_000; i++) {
      log.report("demo", "number " + i, null);
    }

    assertEquals(ErrorLog.MOST_DISTINCT + 1, messages().size());
    assertEquals(1_000, log.count());
  }

  @Test
  void report_exceptionThatCannotTellItsMessage_doesNotThrow() {
    RuntimeException hostile =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new IllegalStateException("no message");
          }
        };

    assertDoesNotThrow(() -> log.report("demo", "failed", hostile));
  }

  private static Exception failure(String message) {
    return new IllegalArgumentException(message);
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}

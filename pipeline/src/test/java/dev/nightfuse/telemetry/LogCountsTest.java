package dev.nightfuse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogCountsTest {

  @Test
  void write_asTheProgramLogs_countsWarningsAndErrors() throws Exception {
    LoggerContext loggers = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(loggers);
    configurator.doConfigure(LogCounts.class.getResource("/logback.xml"));
    Logger log = loggers.getLogger("dev.nightfuse.recording.Recorder");
    assertEquals(List.of("warn 0", "error 0"), counts(loggers));

    log.info("no trouble");
    log.warn("some trouble, on purpose");
    log.error("trouble, on purpose");
    log.error("trouble, on purpose");
    loggers.getLogger("a.library").error("its trouble, on purpose");
    assertEquals(List.of("warn 1", "error 3"), counts(loggers));

    log.setLevel(Level.ERROR);
    log.warn("not logged");
    assertEquals(List.of("warn 1", "error 3"), counts(loggers));
  }

  private static List<String> counts(LoggerContext loggers) {
    PrometheusText out = new PrometheusText();
    LogCounts.write(out, loggers);
    return out.toString()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceAll("nightfuse_log_lines_total\\{level=\"|\"}", ""))
        .toList();
  }
}

package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Watches every buffer while a test class runs and fails the class on any leak report. */
final class NettyLeaks implements BeforeAllCallback, AfterAllCallback {
  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> listener =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getFormattedMessage().contains("LEAK")) {
            reports.add(event.getFormattedMessage());
          }
        }
      };
  private ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

  @Override
  public void beforeAll(ExtensionContext context) {
    watch();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    assertEquals(List.of(), stop());
  }

  void watch() {
    before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    listener.start();
    log().setAdditive(false); // The assertion shows them.
    log().addAppender(listener);
  }

  /** Collects garbage until reports would have come, and returns them. */
  List<String> stop() {
    for (int i = 0; i < 6 && reports.isEmpty(); i++) {
      System.gc();
      LockSupport.parkNanos(20_000_000); // The collector enqueues references on its own thread.
      ByteBufAllocator.DEFAULT.directBuffer(16).release(); // An allocation makes Netty look.
    }
    log().detachAppender(listener);
    log().setAdditive(true);
    ResourceLeakDetector.setLevel(before);
    return reports;
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  }
}

package dev.nightfuse.recording;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecorderOffsetTest {

  @TempDir Path folder;

  private final HandClock clock = new HandClock();
  private final AtomicInteger asked = new AtomicInteger();

  /** The recorder's, which tells that it has looked at what waits. */
  private final FrameClock counted =
      new FrameClock() {
        @Override
        public long nowNs() {
          asked.incrementAndGet();
          return clock.nowNs();
        }

        @Override
        public long wallNowNs() {
          return clock.wallNowNs();
        }
      };

  @Test
  void flush_picturesOfACameraWithAnOffsetOfSeconds_waitForAFragmentLikeOthers() throws Exception {
    FakeStream stream = new FakeStream(clock);
    try (Recorder recorder =
        new Recorder(stream.hub, RecorderSettings.of(folder, 60_000), counted)) {
      recorder.start();
      Await.until("subscribed", () -> stream.hub.viewers() == 1);
      clock.advanceMs(5_000);
      stream.publish(1);
      Await.until("looked at twice", () -> asked.get() >= 3 || anyFragment(recorder));
      assertFalse(anyFragment(recorder), "a write for every picture");
      clock.advanceMs(1_000);
      Await.until("written", () -> anyFragment(recorder));
    }
    stream.hub.close();
  }

  private static boolean anyFragment(Recorder recorder) {
    String file = recorder.status().file();
    try {
      return !file.isEmpty()
          && Files.readString(Path.of(file), StandardCharsets.ISO_8859_1).contains("moof");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

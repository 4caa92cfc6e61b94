package dev.nightfuse.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that nobody watches over. */
final class RecorderAgainTest {

  @TempDir Path folder;

  private final HandClock clock = new HandClock();
  private final FakeStream stream = new FakeStream(clock);
  private Path inTheWay;
  private Recorder recorder;

  @BeforeEach
  void begin() throws Exception {
    inTheWay = Files.writeString(folder.resolve("demo"), "in the way");
    recorder = new Recorder(stream.hub, RecorderSettings.of(folder, 60_000), clock);
  }

  @AfterEach
  void end() {
    recorder.close();
    stream.hub.close();
  }

  private String error() {
    return recorder.status().error();
  }

  @Test
  void keepRecording_troubleGoes_beginsAgain() throws Exception {
    recorder.keepRecording();
    String told = inTheWay + ": is in the way; tried again every 30 s";
    Await.until("the trouble", () -> error().equals(told));
    clock.advanceMs(30_000);
    assertFalse(recorder.active());
    assertEquals(told, error());

    Files.delete(inTheWay);
    Await.until(
        "a recording",
        () -> {
          clock.advanceMs(30_000);
          return recorder.active();
        });
    Await.until("subscribed", () -> stream.hub.viewers() == 1);
    stream.publish(30);
    Await.until("a file", () -> recorder.status().bytes() > 0);
    assertEquals("", error());
  }

  @Test
  void stop_whileItWaits_staysStopped() throws Exception {
    recorder.keepRecording();
    Await.until("the trouble", () -> !error().isEmpty());
    recorder.stop();
    assertEnded();
  }

  @Test
  void start_byHand_isNotBegunAgain() throws Exception {
    recorder.start();
    Await.until("the trouble", () -> error().equals(inTheWay + ": is in the way"));
    assertEnded();
  }

  private void assertEnded() throws Exception {
    Await.until("no thread of the recorder", () -> threads() == 0);
    assertFalse(recorder.active());
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("record-demo"))
        .count();
  }
}

package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Progress in a log. */
final class TrainingBarTest {

  @Test
  void lines_manyUpdates_leaveOneNowAndThenAndTheLast() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    AtomicLong clock = new AtomicLong();
    PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
    TrainingBar.Lines lines = new TrainingBar.Lines(out, clock::get);
    for (int second = 0; second <= 65; second++) {
      clock.set(Duration.ofSeconds(second).toNanos());
      lines.accept("\rstep " + second);
    }
    lines.close();
    assertEquals(
        "step 0%nstep 30%nstep 60%nstep 65%n".formatted(), text.toString(StandardCharsets.UTF_8));
  }
}

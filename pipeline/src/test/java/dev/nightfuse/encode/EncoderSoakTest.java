package dev.nightfuse.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Starting, stopping and feeding encoders for long leaves nothing behind. In a child process whose
 * heap is touched at start, so that what grows is native memory.
 */
@Tag("long")
class EncoderSoakTest {

  @Test
  void openAndClose_200Times_memoryDescriptorsAndThreadsStayFlat() throws Exception {
    // A picture in each leaked pipeline would be 90 MiB.
    assertFlat(run(200, 3, 40));
  }

  @Test
  void push_3000Frames_memoryStaysFlat() throws Exception {
    // A leaked picture each time would be 1.3 GiB, a leaked unit 30 MiB.
    assertFlat(run(5, 600, 1));
  }

  private static void assertFlat(List<long[]> beforeAndAfter) {
    long[] before = beforeAndAfter.get(0);
    long[] after = beforeAndAfter.get(1);
    System.out.printf(
        "resident KiB %d to %d, descriptors %d to %d, threads %d to %d%n",
        before[0], after[0], before[1], after[1], before[2], after[2]);
    assertTrue(
        after[0] - before[0] < 10_240,
        "resident set grew from %d to %d KiB".formatted(before[0], after[0]));
    assertTrue(
        after[1] <= before[1], "descriptors grew from %d to %d".formatted(before[1], after[1]));
    assertTrue(
        after[2] <= before[2] + 1, "threads grew from %d to %d".formatted(before[2], after[2]));
  }

  private static List<long[]> run(int encoders, int frames, int warmUp) throws Exception {
    Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "no /proc here");
    Gst.require("x264enc");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process child =
        new ProcessBuilder(
                java,
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EncoderSoakChild.class.getName(),
                String.valueOf(encoders),
                String.valueOf(frames),
                String.valueOf(warmUp))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, child.waitFor(), said);
      return said.lines()
          .map(line -> Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray())
          .toList();
    } finally {
      child.destroyForcibly();
    }
  }
}

package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.testing.ExternalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start under a home that has never seen the program. */
final class FreshHomeTest {

  /** GStreamer's list of plug-ins, the unpacked library of JNA, our models. */
  private static final Set<String> EXPECTED = Set.of("JNA", "gstreamer-1.0", "nightfuse");

  @TempDir Path home;

  @Test
  void fuse_emptyHome_worksAndLeavesOnlyWhatIsKnown() throws Exception {
    Pictures.write(home.resolve("visible.png"), 64, 48, (x, y) -> 4 * x);
    Pictures.write(home.resolve("infrared.png"), 64, 48, (x, y) -> 5 * y);
    ExternalProcess.Result result =
        Program.run(home, "fuse", "visible.png", "infrared.png", "-o", "fused.png");
    assertEquals(0, result.exitCode(), result.toString());
    Set<String> left = names(home.resolve("cache"));
    left.removeAll(EXPECTED);
    assertEquals(Set.of(), left);
    // tmp is what Program gives it for temporary files.
    assertEquals(Set.of("cache", "fused.png", "infrared.png", "tmp", "visible.png"), names(home));
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(TreeSet::new, Set::add, Set::addAll);
    }
  }
}

package dev.nightfuse.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.mp4.FileRepair;
import dev.nightfuse.testing.ExternalProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a recording when its process ends without being asked. */
class RecorderCrashTest {

  private static final int KILLED_AFTER = 90;
  private static final int DEADLINE_S = 60;

  @TempDir Path folder;

  @Test
  void kill9_inMidRecording_losesAtMostTheLastSecond() throws Exception {
    ExternalProcess.require("ffprobe");
    Process child = child(List.of());
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.equals("published " + KILLED_AFTER)) {
        line = out.readLine();
      }
    } finally {
      child.destroyForcibly().waitFor();
    }

    Path file = onlyFile();
    // It plays as it is; a torn fragment at the end may be complained about.
    assertTrue(pictures(file, "fatal") >= KILLED_AFTER - FakeStream.GROUP);
    RecordingRepair.repair(new RecordingFolder(folder.resolve("demo")));
    int pictures = pictures(file, "warning");
    assertTrue(pictures >= KILLED_AFTER - FakeStream.GROUP, "pictures left: " + pictures);
    assertEquals(FileRepair.Outcome.WHOLE, FileRepair.repair(file));
  }

  @Test
  void write_kernelRefusesMore_recorderStopsAndNothingTornIsLeft() throws Exception {
    ExternalProcess.require("ffprobe");
    ExternalProcess.require("bash");
    Process child = child(List.of("bash", "-c", "ulimit -f 16; exec \"$@\"", "bash"));
    List<String> said;
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      said = out.lines().toList();
    } finally {
      child.destroyForcibly().waitFor();
    }
    String last = said.get(said.size() - 1);
    assertEquals("error File too large", last);
    long sizeBytes = Files.size(onlyFile());
    assertTrue(pictures(onlyFile(), "warning") >= FakeStream.GROUP);
    // Nothing torn is left to cut off; where the parts end decides whether the index found room.
    FileRepair.repair(onlyFile());
    assertTrue(Files.size(onlyFile()) >= sizeBytes, "a torn part was left");
    assertEquals(FileRepair.Outcome.WHOLE, FileRepair.repair(onlyFile()));
  }

  private Process child(List<String> wrapper) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            RecordingChild.class.getName(),
            folder.toString()));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    // One that says nothing is ended, and with it the wait for what it says.
    CompletableFuture.delayedExecutor(DEADLINE_S, TimeUnit.SECONDS).execute(child::destroyForcibly);
    return child;
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("demo"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }

  private static int pictures(Path file, String logLevel) throws Exception {
    ExternalProcess.Result probe =
        ExternalProcess.run(
            "ffprobe",
            "-v",
            logLevel,
            "-count_frames",
            "-show_entries",
            "stream=nb_read_frames",
            "-of",
            "csv=p=0",
            file.toString());
    return Integer.parseInt(probe.output());
  }
}

package dev.nightfuse.recording;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.TinyH264;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingRepairTest {

  @TempDir Path directory;

  /** Begun and without a picture, which repair deletes. */
  private Path begun(RecordingFolder folder) throws Exception {
    TinyH264 source = new TinyH264(64, 48, 25);
    return folder.begin("fused", source.info(), source.unit(0, 25, 0)).path();
  }

  @Test
  void repair_fileBeingWritten_isLeftAlone() throws Exception {
    RecordingFolder folder = new RecordingFolder(directory);
    Path file = begun(folder);
    RecordingRepair.repair(folder);
    assertTrue(Files.exists(file));
    folder.finished();
    RecordingRepair.repair(folder);
    assertFalse(Files.exists(file));
  }

  @Test
  void repair_interrupted_endsAndLeavesTheRest() throws Exception {
    RecordingFolder folder = new RecordingFolder(directory);
    Path file = begun(folder);
    folder.finished();
    Thread.currentThread().interrupt();
    RecordingRepair.repair(folder);
    assertTrue(Thread.interrupted());
    assertTrue(Files.exists(file));
  }
}

package dev.nightfuse.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.testing.TinyH264;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingRepairTest {

  @TempDir Path directory;

  private final TinyH264 source = new TinyH264(64, 48, 25);
  private final AccessUnit picture = source.unit(0, 25, 0);

  private SegmentFile begun(RecordingFolder folder) throws Exception {
    return folder.begin("fused", source.info(), picture);
  }

  @Test
  void repair_fileBeingWritten_isLeftAlone() throws Exception {
    RecordingFolder folder = new RecordingFolder(directory);
    SegmentFile segment = begun(folder);
    segment.append(List.of(picture), 40_000_000);
    RecordingRepair.repair(folder);
    assertEquals(segment.bytes(), Files.size(segment.path()));
    folder.finished();
    RecordingRepair.repair(folder);
    assertTrue(segment.bytes() < Files.size(segment.path()), "no index");
  }

  @Test
  void repair_interrupted_endsAndLeavesTheRest() throws Exception {
    RecordingFolder folder = new RecordingFolder(directory);
    // Without a picture, which repair deletes.
    Path file = begun(folder).path();
    folder.finished();
    Thread.currentThread().interrupt();
    RecordingRepair.repair(folder);
    assertTrue(Thread.interrupted());
    assertTrue(Files.exists(file));
    RecordingRepair.repair(folder);
    assertFalse(Files.exists(file));
  }
}

package dev.nightfuse.recording;

import dev.nightfuse.mp4.FileRepair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes whole what a crash or power cut left in a rig's folder. Only files with our names are
 * touched; those that are whole cost one read. A file without a single picture is deleted.
 */
final class RecordingRepair {

  private static final Logger LOG = LoggerFactory.getLogger(RecordingRepair.class);

  private RecordingRepair() {}

  static void repair(RecordingFolder folder) throws IOException {
    for (RecordingFolder.Recording recording : folder.list()) {
      repairFile(recording.path());
    }
  }

  private static void repairFile(Path file) {
    try {
      switch (FileRepair.repair(file)) {
        case REPAIRED -> LOG.info("recording {} was not finished and is repaired", file);
        case EMPTY -> {
          Files.delete(file);
          LOG.info("recording {} had no picture and is deleted", file);
        }
        case FOREIGN -> LOG.warn("recording {} cannot be repaired and is left as it is", file);
        case WHOLE -> {}
      }
    } catch (IOException e) {
      LOG.warn("recording {} cannot be repaired: {}", file, e.toString());
    }
  }
}

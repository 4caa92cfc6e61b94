package dev.nightfuse.recording;

import dev.nightfuse.mp4.FileRepair;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes whole what a crash or power cut left in a rig's folder. Only files with our names are
 * touched, and not the one being written; those that are whole cost one read. A file without a
 * single picture is deleted.
 */
final class RecordingRepair {

  private static final Logger LOG = LoggerFactory.getLogger(RecordingRepair.class);

  private RecordingRepair() {}

  /** Ends early when its thread is interrupted; what is half done then is torn as before. */
  static void repair(RecordingFolder folder) {
    try {
      List<RecordingFolder.Recording> found = folder.list();
      // A crash tears the newest.
      for (int i = found.size() - 1; i >= 0 && !Thread.currentThread().isInterrupted(); i--) {
        if (!found.get(i).active()) {
          repairFile(folder, found.get(i));
        }
      }
    } catch (IOException e) {
      LOG.warn("recordings cannot be repaired: {}", DiskTrouble.explained(e));
    }
  }

  private static void repairFile(RecordingFolder folder, RecordingFolder.Recording recording) {
    Path file = recording.path();
    try {
      switch (FileRepair.repair(file)) {
        case REPAIRED -> LOG.info("recording {} was not finished and is repaired", file);
        case EMPTY -> {
          folder.delete(recording);
          LOG.info("recording {} had no picture and is deleted", file);
        }
        case FOREIGN -> LOG.warn("recording {} cannot be repaired and is left as it is", file);
        case WHOLE -> {}
      }
    } catch (ClosedByInterruptException e) {
      LOG.debug("repair of {} is left to the next start", file, e);
    } catch (NoSuchFileException e) {
      LOG.debug("recording {} was deleted or moved meanwhile", file, e);
    } catch (IOException e) {
      LOG.warn("recording {} cannot be repaired: {}", file, e.toString());
    }
  }
}

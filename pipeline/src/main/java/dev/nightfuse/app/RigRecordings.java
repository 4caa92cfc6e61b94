package dev.nightfuse.app;

import dev.nightfuse.dashboard.DashboardControls.RefusedException;
import dev.nightfuse.dashboard.DashboardRecordings;
import dev.nightfuse.mp4.FileDuration;
import dev.nightfuse.recording.DiskTrouble;
import dev.nightfuse.recording.RecordingFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of a rig's recordings as the dashboard sees it. */
final class RigRecordings implements DashboardRecordings {

  private static final Logger LOG = LoggerFactory.getLogger(RigRecordings.class);

  private final RecordingFolder folder;

  RigRecordings(RecordingFolder folder) {
    this.folder = folder;
  }

  @Override
  public Page list(String before, int limit) throws RefusedException {
    return refusing(
        () -> {
          List<Recording> page = new ArrayList<>();
          boolean older = false;
          int files = 0;
          long bytes = 0;
          int keptFiles = 0;
          long keptBytes = 0;
          List<RecordingFolder.Recording> all = folder.list();
          for (int i = all.size() - 1; i >= 0; i--) {
            RecordingFolder.Recording recording = all.get(i);
            files++;
            bytes += recording.bytes();
            keptFiles += recording.kept() ? 1 : 0;
            keptBytes += recording.kept() ? recording.bytes() : 0;
            if (before.isEmpty() || recording.name().compareTo(before) < 0) {
              older = page.size() == limit;
              if (!older) {
                page.add(described(recording));
              }
            }
          }
          return new Page(page, older, files, bytes, keptFiles, keptBytes, folder.freeBytes());
        });
  }

  private static Recording described(RecordingFolder.Recording recording) {
    return new Recording(
        recording.name(),
        recording.start().toString(),
        recording.view(),
        recording.bytes(),
        durationMs(recording),
        recording.kept(),
        recording.active());
  }

  private static @Nullable Long durationMs(RecordingFolder.Recording recording) {
    if (recording.active()) {
      return null;
    }
    try {
      OptionalLong ms = FileDuration.ofMs(recording.path());
      return ms.isPresent() ? ms.getAsLong() : null;
    } catch (IOException e) {
      // Gone meanwhile, or not readable: the list is still a list.
      return null;
    }
  }

  @Override
  public @Nullable Path file(String name) throws RefusedException {
    try {
      RecordingFolder.Recording found = folder.find(name);
      return found == null ? null : found.path().toAbsolutePath();
    } catch (IOException e) {
      throw refused(e);
    }
  }

  @Override
  public boolean delete(String name) throws RefusedException {
    return refusing(() -> folder.delete(name));
  }

  @Override
  public boolean keep(String name, boolean kept) throws RefusedException {
    return refusing(() -> folder.keep(name, kept));
  }

  private interface DiskWork<T> {
    T run() throws IOException;
  }

  private <T> T refusing(DiskWork<T> work) throws RefusedException {
    try {
      return work.run();
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /** With names in the rig's folder: where that lies on this machine is for the log. */
  private RefusedException refused(IOException e) {
    String reason = DiskTrouble.explained(e);
    LOG.info("recordings: {}", reason);
    return new RefusedException(reason.replace(folder.path().resolveSibling("") + "/", ""));
  }
}

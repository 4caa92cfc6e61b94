package dev.nightfuse.app;

import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.recording.DiskTrouble;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fuses two videos into an MP4 file that appears whole or not at all. */
final class VideoJob {

  private final OfflineRig rig;
  private final Progress progress;
  private final AtomicReference<@Nullable UncheckedIOException> failure = new AtomicReference<>();

  VideoJob(OfflineRig rig, Progress progress) {
    this.rig = rig;
    this.progress = progress;
  }

  void run(Path output) throws UserErrorException, InterruptedException {
    OutputFile.createFolderOf(output);
    Path partial = output.resolveSibling(output.getFileName() + ".partial");
    try {
      try (VideoFile video = new VideoFile(partial)) {
        rig.run(counting(video));
        UncheckedIOException refused = failure.get();
        if (refused != null) {
          throw refused.getCause();
        }
        video.finish();
      }
      Files.move(partial, output, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE,
          "video %s cannot be written: %s".formatted(output, DiskTrouble.explained(e)));
    } finally {
      deleteQuietly(partial);
    }
  }

  private VideoEncoder.Listener counting(VideoFile video) {
    return new VideoEncoder.Listener() {
      @Override
      public void described(StreamInfo info) {
        video.described(info);
      }

      @Override
      public void encoded(AccessUnit unit) {
        try {
          video.encoded(unit);
          progress.step();
        } catch (UncheckedIOException e) {
          // Nothing that follows can be written either.
          failure.compareAndSet(null, e);
          rig.stop();
        }
      }
    };
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Left behind; what went wrong before is the message that matters.
    }
  }
}

package dev.nightfuse.app;

import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Fuses two videos into an MP4 file that appears whole or not at all. */
final class VideoJob {

  private final OfflineRig rig;
  private final Progress progress;

  VideoJob(OfflineRig rig, Progress progress) {
    this.rig = rig;
    this.progress = progress;
  }

  void run(Path output) throws UserErrorException, InterruptedException {
    Path partial = output.resolveSibling(output.getFileName() + ".partial");
    try {
      try (VideoFile video = new VideoFile(partial)) {
        rig.run(counting(video));
        video.finish();
      }
      Files.move(partial, output, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UncheckedIOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE,
          "video %s cannot be written: %s".formatted(output, e.getMessage()));
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
        video.encoded(unit);
        progress.step();
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

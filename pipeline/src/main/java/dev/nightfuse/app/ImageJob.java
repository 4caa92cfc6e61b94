package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Fuses image files into PNG files. */
final class ImageJob {

  private final ImageFuser fuser;
  private final boolean force;
  private final Progress progress;

  ImageJob(ImageFuser fuser, boolean force, Progress progress) {
    this.fuser = fuser;
    this.force = force;
    this.progress = progress;
  }

  void single(ImagePairs.Pair pair, Path output) throws UserErrorException, EngineException {
    OutputFile.createFolderOf(output);
    fuse(pair, output);
  }

  void folder(List<ImagePairs.Pair> pairs, Path output) throws UserErrorException, EngineException {
    OutputFile.createFolder(output);
    progress.total(pairs.size());
    for (ImagePairs.Pair pair : pairs) {
      fuse(pair, output.resolve(pair.name() + ".png"));
      progress.step();
    }
  }

  private void fuse(ImagePairs.Pair pair, Path output) throws UserErrorException, EngineException {
    if (!force && Files.exists(output)) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, output + " exists; --force overwrites it");
    }
    Picture visible = Picture.read(pair.visible());
    Picture infrared = Picture.readThermal(pair.infrared());
    try {
      Picture.writePng(fuser.fuse(visible, infrared), output);
    } catch (IllegalArgumentException e) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "%s and %s: %s".formatted(pair.visible(), pair.infrared(), e.getMessage()));
    }
  }
}

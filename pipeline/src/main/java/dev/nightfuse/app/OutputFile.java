package dev.nightfuse.app;

import dev.nightfuse.recording.DiskTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Places that a command writes to. */
final class OutputFile {

  private OutputFile() {}

  /** Asked first, so that nobody waits minutes for a result that cannot be kept. */
  static void requireWritable(Path file) throws UserErrorException {
    Path folder = folderOf(file);
    String problem = null;
    if (Files.isDirectory(file)) {
      problem = "it is a folder";
    } else if (!Files.isDirectory(folder)) {
      problem = "there is no folder " + folder;
    } else if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      problem = (Files.exists(file) ? "it" : "its folder") + " may not be written";
    }
    if (problem != null) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, "%s cannot be written: %s".formatted(file, problem));
    }
  }

  static void createFolderOf(Path file) throws UserErrorException {
    createFolder(folderOf(file));
  }

  static Path createFolder(Path folder) throws UserErrorException {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE,
          "folder %s cannot be made: %s".formatted(folder, DiskTrouble.explained(e)));
    }
  }

  private static Path folderOf(Path file) {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    return folder == null ? absolute : folder;
  }
}

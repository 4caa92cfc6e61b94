package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.training.data.DataException;
import dev.nightfuse.training.settings.SettingsException;
import dev.nightfuse.training.settings.TrainException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import javax.imageio.IIOException;
import picocli.CommandLine;

/**
 * Tells what a user can mend, and what a disk refuses, as one message; everything else is a fault
 * of the program and keeps its trace.
 */
final class Mistakes implements CommandLine.IExecutionExceptionHandler {

  private static final int USER_ERROR = 78;

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
    if (failure instanceof TrainException
        || failure instanceof DataException
        || failure instanceof SettingsException
        || failure instanceof EngineException
        || failure instanceof IOException
        || failure instanceof UncheckedIOException) {
      command.getErr().println("nightfuse: " + message(failure));
      return USER_ERROR;
    }
    throw failure;
  }

  /** Java's own names a file, or its PNG writer, and leaves out what is wrong. */
  private static String message(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof IIOException && failure.getCause() instanceof IOException disk) {
      return message + " " + message(disk);
    }
    if (failure instanceof FileSystemException refused && refused.getReason() == null) {
      return message + ": " + words(refused);
    }
    return message;
  }

  private static String words(FileSystemException refused) {
    if (refused instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (refused instanceof FileAlreadyExistsException) {
      return "is in the way";
    }
    return refused instanceof NoSuchFileException
        ? "no such file"
        : refused.getClass().getSimpleName();
  }
}

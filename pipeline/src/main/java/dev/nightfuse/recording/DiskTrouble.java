package dev.nightfuse.recording;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** What a disk refuses, in words of the operator, not of Java. */
public final class DiskTrouble {

  private DiskTrouble() {}

  /**
   * Whether a write found no room; in the words of the system, which has no other sign, and which
   * the launcher keeps from being translated.
   */
  static boolean noRoom(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  public static String explained(IOException e) {
    if (e instanceof AccessDeniedException) {
      return e.getMessage() + ": may not be written";
    }
    if (e instanceof FileAlreadyExistsException) {
      return e.getMessage() + ": is in the way";
    }
    if (e instanceof NoSuchFileException) {
      return e.getMessage() + ": the folder is gone";
    }
    if (e instanceof AtomicMoveNotSupportedException moved) {
      return moved.getOtherFile() + ": is on another disk";
    }
    return String.valueOf(e.getMessage());
  }
}

package dev.nightfuse.training.data;

import java.nio.file.Path;

/**
 * Something about a file that may spoil training.
 *
 * @param file the file, or the first of the two
 * @param reason what is wrong, with the figure and its bound
 */
public record Finding(Kind kind, Path file, String reason) {

  /** What can be wrong. */
  public enum Kind {
    UNREADABLE,
    SIZES_DIFFER,
    FLAT,
    SATURATED,
    MISALIGNED,
    DUPLICATE,
    NO_PARTNER
  }

  @Override
  public String toString() {
    return "%-12s  %s  %s".formatted(kind, file, reason);
  }
}

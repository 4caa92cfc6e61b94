package dev.nightfuse.engine.tensorrt;

import org.jspecify.annotations.Nullable;

/**
 * One line of the building process on its standard output: {@code @nf KIND NUMBER TEXT}. Whatever
 * else stands there was printed by a library.
 *
 * @param kind what it tells
 * @param number steps of a phase, or the step just done; else 0
 * @param text name of the phase, or the words
 */
record BuildReply(Kind kind, int number, String text) {

  /** What a line tells. */
  enum Kind {
    /** A phase begins, within the one that began last; number is its steps. */
    PHASE,
    /** A step of a phase is done. */
    STEP,
    /** A phase ends. */
    END,
    /** A line for the log. */
    SAY,
    /** The plan is written. */
    DONE,
    /** There will be no plan; the text says why. */
    FAILED
  }

  private static final String MARK = "@nf ";

  String line() {
    return MARK + kind + " " + number + " " + text.replaceAll("\\s+", " ").strip();
  }

  /** The reply of a line; null when it is none. */
  static @Nullable BuildReply parse(String line) {
    if (!line.startsWith(MARK)) {
      return null;
    }
    String[] parts = line.split(" ", 4);
    if (parts.length < 4) {
      return null;
    }
    try {
      return new BuildReply(Kind.valueOf(parts[1]), Integer.parseInt(parts[2]), parts[3]);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

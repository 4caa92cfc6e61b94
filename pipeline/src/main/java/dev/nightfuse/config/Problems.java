package dev.nightfuse.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file, so that the user sees all of it at once. */
final class Problems {

  /** More than this helps nobody; the rest is counted. */
  private static final int MOST_SHOWN = 50;

  private record Problem(int line, String text) {}

  private final String file;
  private final List<Problem> found = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  /**
   * @param line counted from 1
   * @param key path of the key, or "" for the file as a whole
   */
  void add(int line, String key, String message) {
    String where = key.isEmpty() ? "" : key + ": ";
    found.add(new Problem(line, "%s:%d: %s%s".formatted(file, line, where, message)));
  }

  /** Problems of another file, which is named in {@code line} of this one. */
  void addAll(int line, ConfigException other) {
    other.problems().forEach(text -> found.add(new Problem(line, text)));
  }

  void throwIfAny() throws ConfigException {
    if (found.isEmpty()) {
      return;
    }
    List<String> lines =
        new ArrayList<>(
            found.stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .limit(MOST_SHOWN)
                .map(Problem::text)
                .toList());
    if (found.size() > MOST_SHOWN) {
      lines.add("%s: and %d more problems".formatted(file, found.size() - MOST_SHOWN));
    }
    throw new ConfigException(lines);
  }
}

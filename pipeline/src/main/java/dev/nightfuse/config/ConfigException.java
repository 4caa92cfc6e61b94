package dev.nightfuse.config;

import java.util.List;

/**
 * A configuration that cannot be used. The message is for the user, complete, one line per problem:
 * file, line, key, what was found and what is allowed. The program ends with exit code 78.
 */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  ConfigException(String problem) {
    this(List.of(problem));
  }

  /** All problems that were found, one line each, in the order of the file. */
  public List<String> problems() {
    return problems;
  }
}

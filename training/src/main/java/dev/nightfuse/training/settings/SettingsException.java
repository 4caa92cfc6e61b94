package dev.nightfuse.training.settings;

/**
 * Settings that cannot be used. The message is for the user, one line per problem: file, line, key,
 * what was found and what is allowed.
 */
public final class SettingsException extends Exception {

  private static final long serialVersionUID = 1L;

  SettingsException(String message) {
    super(message);
  }
}

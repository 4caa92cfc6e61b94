package dev.nightfuse.dashboard;

import org.jspecify.annotations.Nullable;

/** A request that cannot be answered, with its HTTP status and the field that is wrong. */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final @Nullable String field;

  ApiException(int status, @Nullable String field, String message) {
    super(message, null, false, false);
    this.status = status;
    this.field = field;
  }

  int status() {
    return status;
  }

  @Nullable String field() {
    return field;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}

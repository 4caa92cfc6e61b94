package dev.nightfuse.engine.weights;

import java.io.IOException;

/** A weights file breaks its format, or holds something that is not allowed. */
final class MalformedWeightsException extends IOException {

  private static final long serialVersionUID = 1L;

  MalformedWeightsException(String message) {
    super(message);
  }

  MalformedWeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.nightfuse.rtsp;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Methods of RFC 2326 section 10, and whether this play-only server offers them. */
enum RtspMethod {
  OPTIONS(true),
  DESCRIBE(true),
  SETUP(true),
  PLAY(true),
  PAUSE(true),
  TEARDOWN(true),
  GET_PARAMETER(true),
  SET_PARAMETER(true),
  ANNOUNCE(false),
  RECORD(false),
  REDIRECT(false);

  /** Value of the {@code Public} and {@code Allow} headers. */
  static final String OFFERED =
      Arrays.stream(values())
          .filter(RtspMethod::offered)
          .map(RtspMethod::name)
          .collect(Collectors.joining(", "));

  private final boolean offered;

  RtspMethod(boolean offered) {
    this.offered = offered;
  }

  boolean offered() {
    return offered;
  }

  /** Method names are case-sensitive (RFC 2326 section 6.1). */
  static Optional<RtspMethod> byName(String name) {
    for (RtspMethod method : values()) {
      if (method.name().equals(name)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }
}

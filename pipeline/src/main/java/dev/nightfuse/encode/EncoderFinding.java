package dev.nightfuse.encode;

import java.util.Locale;

/**
 * What was found out about one encoder on this machine.
 *
 * @param encoder name of the element
 * @param state whether it can be used, cannot, or was not tried
 * @param reason one line for people
 */
public record EncoderFinding(String encoder, State state, String reason) {

  /** Outcome. */
  public enum State {
    USABLE,
    REFUSED,
    NOT_TRIED
  }

  static EncoderFinding usable(EncoderKind kind, String reason) {
    return new EncoderFinding(kind.element(), State.USABLE, reason);
  }

  static EncoderFinding refused(EncoderKind kind, String reason) {
    return new EncoderFinding(kind.element(), State.REFUSED, reason);
  }

  static EncoderFinding notTried(EncoderKind kind, String reason) {
    return new EncoderFinding(kind.element(), State.NOT_TRIED, reason);
  }

  @Override
  public String toString() {
    return "%s: %s (%s)".formatted(encoder, state.name().toLowerCase(Locale.ROOT), reason);
  }
}

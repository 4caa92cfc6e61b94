package dev.nightfuse.overlay;

import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;

/** The status line in words: what is less than it should be, or "" when all is well. */
final class StatusText {

  private static final long NS_PER_MS = 1_000_000;

  private StatusText() {}

  static String of(FusedFrame frame) {
    if (frame.degradations().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Degradation degradation : frame.degradations()) {
      if (!text.isEmpty()) {
        text.append(", ");
      }
      text.append(degradation.label());
      boolean aged = degradation == Degradation.INFRARED_HELD || degradation == Degradation.FFC;
      if (aged && frame.infrared() != null) {
        text.append(' ').append(frame.infraredAgeNs() / NS_PER_MS).append(" MS");
      }
    }
    return text.toString();
  }
}

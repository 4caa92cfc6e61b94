package dev.nightfuse.overlay;

import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.stream.View;

/** The status line in words: what is less than it should be, or "" when all is well. */
final class StatusText {

  private static final long NS_PER_MS = 1_000_000;
  private static final long NS_PER_TENTH = 100_000_000;

  private StatusText() {}

  static String of(FusedFrame frame, View view) {
    if (frame.degradations().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Degradation degradation : frame.degradations()) {
      if (degradation == Degradation.ENGINE_SLOW && !view.showsFused()) {
        continue;
      }
      if (!text.isEmpty()) {
        text.append(", ");
      }
      text.append(degradation.label());
      boolean aged = degradation == Degradation.INFRARED_HELD || degradation == Degradation.FFC;
      if (aged && frame.infrared() != null) {
        text.append(' ').append(frame.infraredAgeNs() / NS_PER_MS).append(" MS");
      }
      if (degradation == Degradation.ENGINE_SLOW) {
        long tenths = frame.fusedAgeNs() / NS_PER_TENTH;
        text.append(' ').append(tenths / 10).append('.').append(tenths % 10).append(" S");
      }
    }
    return text.toString();
  }
}

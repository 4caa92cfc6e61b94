package dev.nightfuse.stream;

import java.util.Locale;
import java.util.Optional;

/** The pictures a rig offers; the last part of every stream address. */
public enum View {
  FUSED,
  OVERLAY,
  VISIBLE,
  INFRARED,
  SIDE_BY_SIDE;

  /** Whether the engine's picture is part of it, rather than cameras' pictures alone. */
  public boolean showsFused() {
    return this == FUSED || this == OVERLAY || this == SIDE_BY_SIDE;
  }

  /** Whether the engine's classes are part of it. */
  public boolean showsLabels() {
    return this == OVERLAY;
  }

  /** The name in addresses, configuration and metrics: {@code side-by-side}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<View> byLabel(String label) {
    for (View view : values()) {
      if (view.label().equals(label)) {
        return Optional.of(view);
      }
    }
    return Optional.empty();
  }
}

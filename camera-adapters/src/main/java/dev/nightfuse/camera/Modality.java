package dev.nightfuse.camera;

import java.util.Locale;

/** What a camera of a rig sees. */
public enum Modality {
  VISIBLE,
  INFRARED;

  /** The name used in configuration, metrics and messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.nightfuse.overlay;

import java.util.function.UnaryOperator;

/** The overlay settings of one rig, read for every picture and changed by operators. Any thread. */
public final class OverlayControl {

  private volatile OverlaySettings settings;

  public OverlayControl(OverlaySettings initial) {
    this.settings = initial;
  }

  public OverlaySettings get() {
    return settings;
  }

  /** Changes the settings and gives the new ones; from the next picture on. */
  public synchronized OverlaySettings update(UnaryOperator<OverlaySettings> change) {
    OverlaySettings changed = change.apply(settings);
    settings = changed;
    return changed;
  }
}

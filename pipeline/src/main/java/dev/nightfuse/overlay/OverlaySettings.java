package dev.nightfuse.overlay;

import java.util.HashSet;
import java.util.Set;

/**
 * What is drawn. Immutable; a changed copy is put into {@link OverlayControl}.
 *
 * @param palette false colours of thermal pictures
 * @param opacity strength of the class tints, 0 to 1
 * @param hidden label values of the classes that are not shown; 0, which is no class, never is
 */
public record OverlaySettings(ThermalPalette palette, double opacity, Set<Integer> hidden) {

  public OverlaySettings {
    hidden = Set.copyOf(hidden);
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException(
          "overlay opacity %s: 0 to 1 is allowed".formatted(opacity));
    }
  }

  public static OverlaySettings defaults() {
    return new OverlaySettings(ThermalPalette.IRON, 0.5, Set.of());
  }

  public boolean shows(int classId) {
    return classId > 0 && !hidden.contains(classId);
  }

  public OverlaySettings withPalette(ThermalPalette newPalette) {
    return new OverlaySettings(newPalette, opacity, hidden);
  }

  public OverlaySettings withOpacity(double newOpacity) {
    return new OverlaySettings(palette, newOpacity, hidden);
  }

  /** Shows or hides one class, 1 to 255. */
  public OverlaySettings withClass(int classId, boolean shown) {
    if (classId < 1 || classId > 255) {
      throw new IllegalArgumentException("class %d: 1 to 255 are allowed".formatted(classId));
    }
    Set<Integer> others = new HashSet<>(hidden);
    if (shown) {
      others.remove(classId);
    } else {
      others.add(classId);
    }
    return new OverlaySettings(palette, opacity, others);
  }
}

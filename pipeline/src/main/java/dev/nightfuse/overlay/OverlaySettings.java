package dev.nightfuse.overlay;

import java.util.HashSet;
import java.util.Set;

/**
 * What is drawn. Immutable; a changed copy is put into {@link OverlayControl}.
 *
 * @param palette false colours of thermal pictures
 * @param opacity strength of the class tints, 0 to 1
 * @param edges whether the outlines of classes are drawn in luma
 * @param hidden label values of the classes that are not shown; 0, which is no class, never is
 * @param statusLine whether degradations are written onto the picture
 */
public record OverlaySettings(
    ThermalPalette palette,
    double opacity,
    boolean edges,
    Set<Integer> hidden,
    boolean statusLine) {

  public OverlaySettings {
    hidden = Set.copyOf(hidden);
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException(
          "overlay opacity %s: 0 to 1 is allowed".formatted(opacity));
    }
  }

  public static OverlaySettings defaults() {
    return new OverlaySettings(ThermalPalette.IRON, 0.5, true, Set.of(), true);
  }

  public boolean shows(int classId) {
    return classId > 0 && !hidden.contains(classId);
  }

  public OverlaySettings withPalette(ThermalPalette newPalette) {
    return new OverlaySettings(newPalette, opacity, edges, hidden, statusLine);
  }

  public OverlaySettings withOpacity(double newOpacity) {
    return new OverlaySettings(palette, newOpacity, edges, hidden, statusLine);
  }

  public OverlaySettings withEdges(boolean newEdges) {
    return new OverlaySettings(palette, opacity, newEdges, hidden, statusLine);
  }

  public OverlaySettings withStatusLine(boolean newStatusLine) {
    return new OverlaySettings(palette, opacity, edges, hidden, newStatusLine);
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
    return new OverlaySettings(palette, opacity, edges, others, statusLine);
  }
}

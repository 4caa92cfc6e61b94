package dev.nightfuse.overlay;

/**
 * What is drawn. Immutable; a changed copy is put into {@link OverlayControl}.
 *
 * @param palette false colours of thermal pictures
 * @param opacity strength of the class tints, 0 to 1
 * @param edges whether the outlines of classes are drawn in luma
 * @param classMask bit {@code c} is set when class {@code c} is shown; bit 0 has no meaning
 * @param statusLine whether degradations are written onto the picture
 */
public record OverlaySettings(
    ThermalPalette palette, double opacity, boolean edges, int classMask, boolean statusLine) {

  /** All classes. */
  public static final int ALL_CLASSES = -1;

  public OverlaySettings {
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException(
          "overlay opacity %s: 0 to 1 is allowed".formatted(opacity));
    }
  }

  public static OverlaySettings defaults() {
    return new OverlaySettings(ThermalPalette.IRON, 0.5, true, ALL_CLASSES, true);
  }

  public boolean shows(int classId) {
    return classId > 0 && (classMask >>> classId & 1) != 0;
  }

  public OverlaySettings withPalette(ThermalPalette newPalette) {
    return new OverlaySettings(newPalette, opacity, edges, classMask, statusLine);
  }

  public OverlaySettings withOpacity(double newOpacity) {
    return new OverlaySettings(palette, newOpacity, edges, classMask, statusLine);
  }

  public OverlaySettings withEdges(boolean newEdges) {
    return new OverlaySettings(palette, opacity, newEdges, classMask, statusLine);
  }

  public OverlaySettings withStatusLine(boolean newStatusLine) {
    return new OverlaySettings(palette, opacity, edges, classMask, newStatusLine);
  }

  /** Shows or hides one class, 1 to 31. */
  public OverlaySettings withClass(int classId, boolean shown) {
    if (classId < 1 || classId > 31) {
      throw new IllegalArgumentException("class %d: 1 to 31 are allowed".formatted(classId));
    }
    int bit = 1 << classId;
    return new OverlaySettings(
        palette, opacity, edges, shown ? classMask | bit : classMask & ~bit, statusLine);
  }
}

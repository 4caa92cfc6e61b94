package dev.nightfuse.registration;

import java.util.List;

/**
 * How a rig's infrared pictures lie on its visible ones, whatever sizes the cameras turn out to
 * deliver. Immutable, but for {@link MovableAlignment}.
 */
@FunctionalInterface
public interface Alignment {

  /**
   * The calibration for pictures of these sizes.
   *
   * @throws IllegalArgumentException when it was made for pictures of another shape
   */
  Calibration at(
      int infraredWidthPx, int infraredHeightPx, int visibleWidthPx, int visibleHeightPx);

  /** Another one when {@link #at} answers otherwise than it did. */
  default int version() {
    return 0;
  }

  /** What is left where {@link #at} says no: both cameras see the same field of view. */
  default Calibration instead(
      int infraredWidthPx, int infraredHeightPx, int visibleWidthPx, int visibleHeightPx) {
    return Calibration.scaling(infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx);
  }

  /** Both cameras see the same field of view. */
  static Alignment sameFieldOfView() {
    return Calibration::scaling;
  }

  /** As a calibration says, scaled to the sizes at hand. */
  static Alignment calibrated(Calibration calibration) {
    return calibration::resized;
  }

  /** A homography between pictures as they are delivered. */
  static Alignment homography(List<Double> infraredToVisible) {
    return (infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx) ->
        new Calibration(
            infraredWidthPx,
            infraredHeightPx,
            visibleWidthPx,
            visibleHeightPx,
            infraredToVisible,
            null,
            null);
  }
}

package dev.nightfuse.registration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the infrared picture lies on the visible one. Pixel coordinates count from the centre of the
 * top left pixel. A distorted infrared pixel is undistorted by its lens, mapped by the homography,
 * and distorted by the visible lens; a camera without a lens is taken as free of distortion.
 *
 * @param infraredWidthPx size of the infrared picture that the calibration was made with
 * @param infraredHeightPx likewise
 * @param visibleWidthPx size of the visible picture that the calibration was made with
 * @param visibleHeightPx likewise
 * @param infraredToVisible 3x3 homography, row by row, undistorted infrared to undistorted visible
 *     pixels
 * @param infraredLens or null
 * @param visibleLens or null
 */
public record Calibration(
    int infraredWidthPx,
    int infraredHeightPx,
    int visibleWidthPx,
    int visibleHeightPx,
    List<Double> infraredToVisible,
    @Nullable Lens infraredLens,
    @Nullable Lens visibleLens) {

  private static final double LARGEST_ASPECT_ERROR = 0.02;

  public Calibration {
    infraredToVisible = List.copyOf(infraredToVisible);
    checkSize("infrared", infraredWidthPx, infraredHeightPx);
    checkSize("visible", visibleWidthPx, visibleHeightPx);
    if (infraredToVisible.size() != 9) {
      throw new IllegalArgumentException(
          "homography of %d numbers: 9 are needed, row by row".formatted(infraredToVisible.size()));
    }
    Matrix3.of(infraredToVisible).inverse();
  }

  /** The two pictures cover the same field of view; only their sizes differ. */
  public static Calibration scaling(
      int infraredWidthPx, int infraredHeightPx, int visibleWidthPx, int visibleHeightPx) {
    double sx = (double) visibleWidthPx / infraredWidthPx;
    double sy = (double) visibleHeightPx / infraredHeightPx;
    return new Calibration(
        infraredWidthPx,
        infraredHeightPx,
        visibleWidthPx,
        visibleHeightPx,
        Matrix3.scaling(sx, sy).toList(),
        null,
        null);
  }

  /**
   * Whether pictures of different shapes are merely brought to the same size, which two cameras
   * with square pixels never call for.
   */
  public boolean stretches() {
    double ratio =
        (double) infraredWidthPx * visibleHeightPx / ((double) infraredHeightPx * visibleWidthPx);
    return Math.abs(ratio - 1) > LARGEST_ASPECT_ERROR
        && infraredLens == null
        && visibleLens == null
        && inPlace(infraredToVisible)
            .equals(
                inPlace(
                    scaling(infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx)
                        .infraredToVisible));
  }

  /** A homography without its shift. */
  private static List<Double> inPlace(List<Double> homography) {
    List<Double> rest = new ArrayList<>(homography);
    rest.set(2, 0.0);
    rest.set(5, 0.0);
    return rest;
  }

  /**
   * The same cameras delivering pictures of other sizes, scaled and not cropped.
   *
   * @throws IllegalArgumentException when an aspect ratio differs, for then the picture is cropped
   *     and the calibration does not apply
   */
  public Calibration resized(
      int newInfraredWidthPx,
      int newInfraredHeightPx,
      int newVisibleWidthPx,
      int newVisibleHeightPx) {
    double ix = (double) newInfraredWidthPx / infraredWidthPx;
    double iy = (double) newInfraredHeightPx / infraredHeightPx;
    double vx = (double) newVisibleWidthPx / visibleWidthPx;
    double vy = (double) newVisibleHeightPx / visibleHeightPx;
    checkAspect(
        "infrared",
        ix / iy,
        newInfraredWidthPx,
        newInfraredHeightPx,
        infraredWidthPx,
        infraredHeightPx);
    checkAspect(
        "visible", vx / vy, newVisibleWidthPx, newVisibleHeightPx, visibleWidthPx, visibleHeightPx);
    Matrix3 homography =
        Matrix3.scaling(vx, vy)
            .times(Matrix3.of(infraredToVisible))
            .times(Matrix3.scaling(ix, iy).inverse());
    return new Calibration(
        newInfraredWidthPx,
        newInfraredHeightPx,
        newVisibleWidthPx,
        newVisibleHeightPx,
        homography.toList(),
        infraredLens == null ? null : infraredLens.scaled(ix, iy),
        visibleLens == null ? null : visibleLens.scaled(vx, vy));
  }

  /** The same pictures lying otherwise. */
  Calibration with(Matrix3 homography, @Nullable Lens newInfraredLens) {
    return new Calibration(
        infraredWidthPx,
        infraredHeightPx,
        visibleWidthPx,
        visibleHeightPx,
        homography.toList(),
        newInfraredLens,
        visibleLens);
  }

  /** The infrared picture so many undistorted visible pixels farther right and down. */
  Calibration shifted(double rightPx, double downPx) {
    return rightPx == 0 && downPx == 0
        ? this
        : with(Matrix3.shift(rightPx, downPx).times(Matrix3.of(infraredToVisible)), infraredLens);
  }

  private static void checkSize(String camera, int widthPx, int heightPx) {
    if (widthPx < 2 || heightPx < 2) {
      throw new IllegalArgumentException(
          "calibration for a %s picture of %dx%d: both sides must be 2 pixels or more"
              .formatted(camera, widthPx, heightPx));
    }
  }

  private static void checkAspect(
      String camera, double ratio, int widthPx, int heightPx, int madeWidthPx, int madeHeightPx) {
    if (Math.abs(ratio - 1) > LARGEST_ASPECT_ERROR) {
      throw new IllegalArgumentException(
          "the %s camera delivers %dx%d, but the calibration was made at %dx%d: another shape"
              .formatted(camera, widthPx, heightPx, madeWidthPx, madeHeightPx));
    }
  }
}

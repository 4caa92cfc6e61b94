package dev.nightfuse.camera.simulated;

import java.util.List;

/**
 * The rig's true geometry: both lenses, and how the infrared camera sits beside the visible one. It
 * is a little wider, turned by a fraction of a degree and pointed slightly off; the turn is made of
 * two shears, so that homography and picture agree exactly.
 */
final class Mount {

  static final double VISIBLE_FOCAL = 0.86;
  private static final double HORIZON = 0.46;
  private static final double INFRARED_WIDER = 1.07;
  private static final double SHEAR = 0.0115;
  private static final double OFF_X = 0.0085;
  private static final double OFF_Y = -0.0065;

  private final int visibleWidth;
  private final int visibleHeight;
  private final int width;
  private final int height;
  private final double focal;
  private final double centreX;
  private final double centreY;
  private final double shear;
  private final int padX;
  private final int padY;

  Mount(int visibleWidth, int visibleHeight, int width, int height, boolean identity) {
    this.visibleWidth = visibleWidth;
    this.visibleHeight = visibleHeight;
    this.width = width;
    this.height = height;
    double scale = width / (double) visibleWidth;
    if (identity) {
      focal = VISIBLE_FOCAL * visibleWidth * scale;
      centreX = width / 2.0;
      // Other shapes than the visible one's are cut or extended at top and bottom alike.
      centreY = height / 2.0 + (HORIZON - 0.5) * visibleHeight * scale;
      shear = 0;
    } else {
      focal = VISIBLE_FOCAL * visibleWidth * scale / INFRARED_WIDER;
      centreX = width * (0.5 + OFF_X);
      centreY = height / 2.0 + (HORIZON - 0.5) * visibleHeight * scale + height * OFF_Y;
      shear = SHEAR;
    }
    this.padX = (int) Math.ceil(shear * height / 2) + 3;
    this.padY = (int) Math.ceil(shear * (width / 2.0 + padX)) + 3;
  }

  Eye visibleEye() {
    return new Eye(
        visibleWidth,
        visibleHeight,
        (float) (VISIBLE_FOCAL * visibleWidth),
        visibleWidth / 2f,
        (float) (HORIZON * visibleHeight),
        0);
  }

  /** The infrared raster before the turn, with a margin for it. */
  Eye infraredEye(float baselineM) {
    return new Eye(
        width + 2 * padX,
        height + 2 * padY,
        (float) focal,
        (float) (centreX + padX),
        (float) (centreY + padY),
        baselineM);
  }

  int padX() {
    return padX;
  }

  int padY() {
    return padY;
  }

  /** Rows to look further down at a column of the padded raster. */
  double rowShift(int paddedColumn) {
    return shear * (paddedColumn - padX - (width - 1) / 2.0);
  }

  /** Columns to look further left (negative) at a row of the picture. */
  double columnShift(int row) {
    return -shear * (row - (height - 1) / 2.0);
  }

  /** First padded column after {@code column} whose nearest whole row shift is another one. */
  int runEnd(int column) {
    if (shear == 0) {
      return Integer.MAX_VALUE;
    }
    double now = Math.floor(rowShift(column) + 0.5);
    return (int) Math.ceil((now + 0.5) / shear + padX + (width - 1) / 2.0);
  }

  /** Row-major 3x3, infrared pixel centres to visible pixel centres, for far points. */
  List<Double> infraredToVisible() {
    double zoom = VISIBLE_FOCAL * visibleWidth / focal;
    double midX = (width - 1) / 2.0;
    double midY = (height - 1) / 2.0;
    // Raster point seen at picture point (x, y): X = x - s (y - midY), Y = y + s (X - midX).
    double xx = 1;
    double xy = 0 - shear;
    double x1 = shear * midY;
    double yx = shear * xx;
    double yy = 1 + shear * xy;
    double y1 = shear * (x1 - midX);
    // Pixel centres lie half a pixel from the raster's corner.
    double toX = visibleWidth / 2.0 - 0.5 - zoom * (centreX - 0.5);
    double toY = HORIZON * visibleHeight - 0.5 - zoom * (centreY - 0.5);
    return List.of(
        zoom * xx,
        zoom * xy,
        zoom * x1 + toX,
        zoom * yx,
        zoom * yy,
        zoom * y1 + toY,
        0.0,
        0.0,
        1.0);
  }
}

package dev.nightfuse.engine.quality;

/** An upright box in pixels, from left and top edge up to right and bottom edge. */
public record PixelBox(double left, double top, double right, double bottom) {

  /** From the centre and size of YOLO annotations, which are shares of the picture's sides. */
  public static PixelBox ofShares(
      double centreX, double centreY, double width, double height, int widthPx, int heightPx) {
    return new PixelBox(
        (centreX - width / 2) * widthPx,
        (centreY - height / 2) * heightPx,
        (centreX + width / 2) * widthPx,
        (centreY + height / 2) * heightPx);
  }

  double area() {
    return Math.max(0, right - left) * Math.max(0, bottom - top);
  }

  /** Intersection over union; 0 for boxes that do not meet. */
  public double iou(PixelBox other) {
    double common =
        new PixelBox(
                Math.max(left, other.left),
                Math.max(top, other.top),
                Math.min(right, other.right),
                Math.min(bottom, other.bottom))
            .area();
    return common == 0 ? 0 : common / (area() + other.area() - common);
  }
}

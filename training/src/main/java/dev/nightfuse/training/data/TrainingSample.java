package dev.nightfuse.training.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One aligned pair with what is known about it. The visible picture is RGB because teachers need
 * colour and the luma follows from it; a grey one has three equal planes. The arrays are the
 * sample's own and are not copied: treat them as read-only.
 *
 * @param name of the pair within its data set, for logs and for splits
 * @param visibleRgb {@code [3, height, width]}, full range, planes in the order red, green, blue
 * @param infrared {@code [height, width]}
 * @param labels {@code [height, width]} class numbers, {@link #IGNORE} where nothing is known; null
 *     when the pair has no label map
 * @param boxes of every object of the annotated classes; null when nobody annotated any, empty when
 *     somebody looked and found none
 */
public record TrainingSample(
    String name,
    int widthPx,
    int heightPx,
    byte[] visibleRgb,
    byte[] infrared,
    byte @Nullable [] labels,
    @Nullable List<Box> boxes) {

  /** A pixel whose class is unknown. */
  public static final int IGNORE = 255;

  /**
   * An object, in pixels; right and bottom are exclusive.
   *
   * @param label class number in the label map's numbering
   */
  public record Box(int label, double left, double top, double right, double bottom) {

    public Box {
      if (!(right > left && bottom > top)) {
        throw new IllegalArgumentException(
            "box %s..%s x %s..%s".formatted(left, right, top, bottom));
      }
    }
  }

  // Written out: a compact constructor loses the annotation of the nullable array.
  public TrainingSample(
      String name,
      int widthPx,
      int heightPx,
      byte[] visibleRgb,
      byte[] infrared,
      byte @Nullable [] labels,
      @Nullable List<Box> boxes) {
    int pixels = Math.multiplyExact(widthPx, heightPx);
    require(name, "visible", visibleRgb.length, 3 * pixels);
    require(name, "infrared", infrared.length, pixels);
    require(name, "labels", labels == null ? pixels : labels.length, pixels);
    this.name = name;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.visibleRgb = visibleRgb;
    this.infrared = infrared;
    this.labels = labels;
    this.boxes = boxes == null ? null : List.copyOf(boxes);
  }

  private static void require(String name, String plane, int found, int wanted) {
    if (found != wanted) {
      throw new IllegalArgumentException(
          "%s: %s has %d bytes, expected %d".formatted(name, plane, found, wanted));
    }
  }
}

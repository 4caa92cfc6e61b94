package dev.nightfuse.training.data;

/**
 * How pairs are varied for training. {@link Augmenter} applies it.
 *
 * @param widthPx of the crop
 * @param heightPx of the crop
 * @param scaleLow least enlargement of the picture before the crop
 * @param scaleHigh greatest enlargement
 * @param flip whether half of the crops are mirrored, left to right
 * @param gamma greatest exponent of a tone curve, and its inverse the least; 1 for none
 * @param contrast greatest gain around the mean, and its inverse the least; 1 for none
 * @param brightness greatest shift of the levels, in levels
 * @param noise greatest deviation of the noise that is added, in levels
 * @param blur share of the crops of which one modality is blurred
 * @param shiftPx greatest misplacement of infrared against visible, to either side
 * @param invert share of the crops whose thermal polarity is turned to black-hot
 * @param focus share of the crops that are laid around an object, where boxes are known
 */
public record Augmentation(
    int widthPx,
    int heightPx,
    double scaleLow,
    double scaleHigh,
    boolean flip,
    double gamma,
    double contrast,
    double brightness,
    double noise,
    double blur,
    double shiftPx,
    double invert,
    double focus) {

  public Augmentation {
    if (widthPx < 8 || heightPx < 8) {
      throw new IllegalArgumentException(
          "crop %dx%d: 8 pixels a side or more".formatted(widthPx, heightPx));
    }
    if (!(scaleLow > 0 && scaleLow <= scaleHigh && scaleHigh <= 8)) {
      throw new IllegalArgumentException(
          "scale %s to %s: above 0, in order, 8 at most".formatted(scaleLow, scaleHigh));
    }
    if (!(gamma >= 1 && contrast >= 1 && brightness >= 0 && noise >= 0 && shiftPx >= 0)) {
      throw new IllegalArgumentException(
          "gamma %s and contrast %s: 1 or more; brightness %s, noise %s, shift %s: 0 or more"
              .formatted(gamma, contrast, brightness, noise, shiftPx));
    }
    for (double share : new double[] {blur, invert, focus}) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "blur %s, invert %s and focus %s are shares: 0 to 1".formatted(blur, invert, focus));
      }
    }
  }

  /** What a training run takes unless told otherwise; polarity stays as it is. */
  public static Augmentation usual(int widthPx, int heightPx) {
    return new Augmentation(widthPx, heightPx, 0.75, 1.5, true, 1.35, 1.25, 16, 4, 0.15, 1, 0, 0);
  }

  /** Crops and mirrors, and nothing else. */
  public static Augmentation cropOnly(int widthPx, int heightPx) {
    return new Augmentation(widthPx, heightPx, 1, 1, true, 1, 1, 0, 0, 0, 0, 0, 0);
  }

  /** The same with crops of another size. */
  public Augmentation withCrop(int width, int height) {
    return with(width, height, focus);
  }

  /** The same with another share of crops around objects. */
  public Augmentation withFocus(double share) {
    return with(widthPx, heightPx, share);
  }

  private Augmentation with(int width, int height, double share) {
    return new Augmentation(
        width,
        height,
        scaleLow,
        scaleHigh,
        flip,
        gamma,
        contrast,
        brightness,
        noise,
        blur,
        shiftPx,
        invert,
        share);
  }
}

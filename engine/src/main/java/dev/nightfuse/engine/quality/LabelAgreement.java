package dev.nightfuse.engine.quality;

/**
 * Overlap of label maps, class by class, summed over pictures. Where the other maps are predictions
 * too this is agreement, not correctness. One thread.
 */
public final class LabelAgreement {

  /** Label of pixels that do not count. */
  public static final int IGNORED = 255;

  private final int classes;
  private final long[] confusion;

  public LabelAgreement(int classes) {
    this.classes = classes;
    this.confusion = new long[classes * classes];
  }

  /**
   * Counts a picture.
   *
   * @throws IllegalArgumentException when the maps differ in size or hold a label that is no class
   */
  public void add(byte[] predicted, byte[] labels) {
    if (predicted.length != labels.length) {
      throw new IllegalArgumentException(
          "label maps of %d and %d pixels".formatted(predicted.length, labels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      if (label == IGNORED) {
        continue;
      }
      int found = predicted[i] & 0xff;
      if (label >= classes || found >= classes) {
        throw new IllegalArgumentException(
            "label %d: there are %d classes, and %d is ignored"
                .formatted(Math.max(label, found), classes, IGNORED));
      }
      confusion[label * classes + found]++;
    }
  }

  public void add(LabelAgreement other) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(classes + " classes and " + other.classes);
    }
    for (int i = 0; i < confusion.length; i++) {
      confusion[i] += other.confusion[i];
    }
  }

  /** Intersection over union; NaN for a class in neither map. */
  public double iou(int classId) {
    long union = -confusion[classId * classes + classId];
    for (int other = 0; other < classes; other++) {
      union += confusion[classId * classes + other] + confusion[other * classes + classId];
    }
    return (double) confusion[classId * classes + classId] / union;
  }

  /** Mean over the classes that are in either map; NaN when nothing was counted. */
  public double meanIou() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      double iou = iou(c);
      if (!Double.isNaN(iou)) {
        sum += iou;
        present++;
      }
    }
    return sum / present;
  }
}

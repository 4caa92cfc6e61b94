package dev.nightfuse.training.teacher;

import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.data.TrainingSample.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a label map of MFNet's classes from a teacher's probabilities and boxes drawn by people
 * around cars, persons and bikes. People's word goes first: inside a box there is its object.
 * People also left out a lot, rows of parked bicycles above all and everything in some pictures, so
 * outside of boxes the teacher counts where it is sure, and what it only suspects is unknown. What
 * it says of the other classes counts where it is sure, too.
 */
public final class LabelRefiner {

  static final int PERSON = 2;
  private static final int CAR = 1;
  private static final int BIKE = 3;
  private static final byte IGNORE = (byte) TrainingSample.IGNORE;

  /** A class without boxes counts from here on, and is unknown from the second on. */
  private static final double SURE = 0.55;

  private static final double UNSURE = 0.25;

  /** Of boxed classes outside of boxes: unknown from here on. */
  private static final double SUSPECT = 0.4;

  /** A bike outside of boxes counts from here on, and a car where nobody drew any box. */
  private static final double TRUSTED = 0.7;

  /** A person outside of boxes counts from here on; foliage and lamps look like people. */
  private static final double TRUSTED_PERSON = 0.8;

  /** An object's pixels from here on; unknown from the second on. */
  private static final double OBJECT = 0.5;

  private static final double EDGE = 0.4;

  /**
   * In the box of a car that takes this share of the picture and is cut by its edge, what the
   * teacher denies is unknown: the sky and the trees above a near car are in its box, the shape of
   * the rest of it says nothing, and they may be as dark or as bright as the car.
   */
  private static final double LARGE = 0.05;

  private static final double DENIED = 0.1;

  /** Drawn in this order: whoever stands in front goes over what stands behind. */
  private static final List<Integer> ORDER = List.of(CAR, BIKE, PERSON);

  private final BoxSegmenter segmenter;
  private final int classes;

  public LabelRefiner(ShapePrior prior, int classes) {
    this(new BoxSegmenter(prior, BoxSegmenter.Weights.USUAL), classes);
  }

  LabelRefiner(BoxSegmenter segmenter, int classes) {
    this.segmenter = segmenter;
    this.classes = classes;
  }

  /**
   * @throws IllegalArgumentException when nobody drew boxes for this pair
   */
  public byte[] refine(TrainingSample sample, SoftLabels teacher) {
    List<Box> boxes = sample.boxes();
    if (boxes == null) {
      throw new IllegalArgumentException("pair %s has no boxes".formatted(sample.name()));
    }
    byte[] labels = background(sample, teacher, boxes.isEmpty());
    List<Box> order = new ArrayList<>(boxes);
    order.sort(
        Comparator.comparingInt((Box box) -> ORDER.indexOf(box.label()))
            .thenComparing(LabelRefiner::area, Comparator.reverseOrder()));
    for (Box box : order) {
      clearTeacher(labels, sample, box);
    }
    for (Box box : order) {
      draw(
          labels,
          sample.widthPx(),
          segmenter.find(sample, teacher, box),
          box.label(),
          shapeless(box, sample) ? teacher : null);
    }
    return labels;
  }

  private static boolean shapeless(Box box, TrainingSample sample) {
    return box.label() == CAR
        && area(box) >= LARGE * sample.widthPx() * sample.heightPx()
        && BoxSegmenter.cut(box, sample);
  }

  private static double area(Box box) {
    return (box.right() - box.left()) * (box.bottom() - box.top());
  }

  private byte[] background(TrainingSample sample, SoftLabels teacher, boolean nothingBoxed) {
    byte[] labels = new byte[sample.widthPx() * sample.heightPx()];
    for (int i = 0; i < labels.length; i++) {
      int x = i % sample.widthPx();
      int y = i / sample.widthPx();
      double boxed = teacher.at(CAR, x, y) + teacher.at(PERSON, x, y) + teacher.at(BIKE, x, y);
      int trusted = trusted(teacher, x, y, nothingBoxed);
      int best = 0;
      double most = 0;
      for (int c = BIKE + 1; c < classes; c++) {
        double told = teacher.at(c, x, y);
        if (told > most) {
          most = told;
          best = c;
        }
      }
      if (trusted > 0) {
        labels[i] = (byte) trusted;
      } else if (boxed >= SUSPECT) {
        labels[i] = IGNORE;
      } else if (most >= SURE) {
        labels[i] = (byte) best;
      } else if (most >= UNSURE) {
        labels[i] = IGNORE;
      }
    }
    return labels;
  }

  /**
   * The boxed class that the teacher is sure of; 0 for none. Cars that nobody boxed are mostly
   * none, unless nobody boxed anything.
   */
  private static int trusted(SoftLabels teacher, int x, int y, boolean nothingBoxed) {
    if (teacher.at(BIKE, x, y) >= TRUSTED) {
      return BIKE;
    }
    if (teacher.at(PERSON, x, y) >= TRUSTED_PERSON) {
      return PERSON;
    }
    return nothingBoxed && teacher.at(CAR, x, y) >= TRUSTED ? CAR : 0;
  }

  /**
   * What is suspect inside a box is settled by the box, and so is its own class; others of which
   * the teacher is sure stay, as the rider on a bike does or the bikes behind a person. A car hides
   * them.
   */
  private static void clearTeacher(byte[] labels, TrainingSample sample, Box box) {
    int right = Math.min(sample.widthPx(), (int) Math.ceil(box.right()));
    int bottom = Math.min(sample.heightPx(), (int) Math.ceil(box.bottom()));
    for (int y = (int) box.top(); y < bottom; y++) {
      for (int x = (int) box.left(); x < right; x++) {
        int at = y * sample.widthPx() + x;
        boolean settled =
            labels[at] == IGNORE
                || labels[at] == box.label()
                || (box.label() == CAR && labels[at] <= BIKE);
        labels[at] = settled ? 0 : labels[at];
      }
    }
  }

  /**
   * @param denying who may deny that it is the object; null for nobody
   */
  private static void draw(
      byte[] labels,
      int stride,
      BoxSegmenter.Found found,
      int label,
      @Nullable SoftLabels denying) {
    for (int i = 0; i < found.object().length; i++) {
      int x = found.left() + i % found.widthPx();
      int y = found.top() + i / found.widthPx();
      int at = y * stride + x;
      float object = found.object()[i];
      boolean rider = label == BIKE && labels[at] == PERSON;
      boolean denied = denying != null && denying.at(label, x, y) < DENIED;
      if (object >= OBJECT && !rider && !denied) {
        labels[at] = (byte) label;
      } else if (object >= EDGE && labels[at] == 0) {
        labels[at] = IGNORE;
      }
    }
  }
}

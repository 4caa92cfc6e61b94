package dev.nightfuse.training.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Copies objects between the samples of a batch, at the same place and in all planes alike (after
 * Ghiasi et al. 2021, "Simple Copy-Paste"), so that rare ones are seen in many surroundings. A pure
 * function of the samples and their seeds. Immutable; safe for several threads.
 *
 * <pre>
 * another sample --> pixels of a rare class --> visible, infrared, labels of the receiver
 * </pre>
 *
 * <p>Boxes stay those of the receiver: crops are laid by them before anything is pasted, and
 * nothing that learns from a batch reads them. A sample without labels receives nothing, for the
 * objects' would be its only ones.
 */
public final class ObjectPaste {

  /** Leaves every sample as it is. */
  public static final ObjectPaste NONE = new ObjectPaste(0, 0);

  private static final int PERSON = 2;
  private static final int BIKE = 3;

  /** How often a class is chosen, in MFNet's numbering; background and cars are never rare. */
  private static final int[] WEIGHTS = {0, 0, 1, 4, 1, 1, 1, 1, 1};

  /** Fewer are crumbs at the border of a crop. */
  private static final int LEAST_PX = 200;

  private static final long PASTE = 2;

  private final double share;
  private final int first;

  /**
   * @param share of the samples that receive objects, where others have any
   * @param first number of the first sample of a batch that may: those before stay photographs
   */
  public ObjectPaste(double share, int first) {
    if (!(share >= 0 && share <= 1) || first < 0) {
      throw new IllegalArgumentException(
          "share %s: 0 to 1; first %d: 0 or more".formatted(share, first));
    }
    this.share = share;
    this.first = first;
  }

  /**
   * @param samples of one size
   * @param seeds one for each
   */
  List<TrainingSample> apply(List<TrainingSample> samples, List<Long> seeds) {
    List<TrainingSample> result = new ArrayList<>(samples);
    if (share == 0) {
      return result;
    }
    int[][] pixels = new int[samples.size()][];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = pixels(samples.get(i));
    }
    for (int i = first; i < samples.size(); i++) {
      Dice dice = new Dice(Dice.seed(seeds.get(i), PASTE));
      if (dice.chance(share)) {
        int chosen = chosen(pixels, i, dice);
        List<Integer> donors = donors(pixels, i, chosen);
        if (!donors.isEmpty()) {
          // Donors are as they were loaded: what one was given is not handed on.
          TrainingSample donor = samples.get(donors.get(dice.below(donors.size())));
          result.set(i, pasted(samples.get(i), donor, chosen));
        }
      }
    }
    return result;
  }

  /** How many pixels each class has. */
  private static int[] pixels(TrainingSample sample) {
    int[] pixels = new int[256];
    byte[] labels = sample.labels();
    if (labels != null) {
      for (byte label : labels) {
        pixels[label & 0xff]++;
      }
    }
    return pixels;
  }

  /** The other samples that have enough of a class; the background is not given away. */
  private static List<Integer> donors(int[][] pixels, int receiver, int label) {
    List<Integer> donors = new ArrayList<>();
    for (int i = 0; i < pixels.length; i++) {
      if (label > 0 && i != receiver && pixels[i][label] >= LEAST_PX) {
        donors.add(i);
      }
    }
    return donors;
  }

  /** A class that another sample has, the rare ones more often; 0 for none. */
  private static int chosen(int[][] pixels, int receiver, Dice dice) {
    int[] upTo = new int[WEIGHTS.length];
    int total = 0;
    for (int label = 0; label < WEIGHTS.length; label++) {
      total += donors(pixels, receiver, label).isEmpty() ? 0 : WEIGHTS[label];
      upTo[label] = total;
    }
    int drawn = dice.below(total);
    for (int label = 0; label < WEIGHTS.length; label++) {
      if (drawn < upTo[label]) {
        return label;
      }
    }
    return 0;
  }

  private static TrainingSample pasted(TrainingSample to, TrainingSample from, int chosen) {
    byte[] given = from.labels();
    byte[] known = to.labels();
    if (given == null || known == null) {
      return to;
    }
    byte[] rgb = to.visibleRgb().clone();
    byte[] infrared = to.infrared().clone();
    byte[] labels = known.clone();
    int pixels = labels.length;
    for (int i = 0; i < pixels; i++) {
      if (together(chosen, given[i])) {
        for (int plane = i; plane < 3 * pixels; plane += pixels) {
          rgb[plane] = from.visibleRgb()[plane];
        }
        infrared[i] = from.infrared()[i];
        labels[i] = given[i];
      }
    }
    return new TrainingSample(
        to.name(), to.widthPx(), to.heightPx(), rgb, infrared, labels, to.boxes());
  }

  /** Bicycles bring their riders and people what they ride; the others come alone. */
  private static boolean together(int chosen, int label) {
    return (chosen == PERSON || chosen == BIKE)
        ? label == PERSON || label == BIKE
        : label == chosen;
  }
}

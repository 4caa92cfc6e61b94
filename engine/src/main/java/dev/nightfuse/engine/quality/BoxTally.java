package dev.nightfuse.engine.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How many true boxes were found, and how many of the found ones are true.
 *
 * @param truth boxes of the annotation
 * @param found boxes made from label maps
 * @param hits pairs of one each that overlap enough; no box is in two pairs
 */
public record BoxTally(int truth, int found, int hits) {

  public static final BoxTally NONE = new BoxTally(0, 0, 0);

  private record Candidate(int truth, int found, double iou) {}

  /** Pairs the boxes of a picture one to one, best overlap first. */
  public static BoxTally of(List<PixelBox> truth, List<PixelBox> found, double leastIou) {
    List<Candidate> candidates = new ArrayList<>();
    for (int t = 0; t < truth.size(); t++) {
      for (int f = 0; f < found.size(); f++) {
        double iou = truth.get(t).iou(found.get(f));
        if (iou >= leastIou) {
          candidates.add(new Candidate(t, f, iou));
        }
      }
    }
    candidates.sort(Comparator.comparingDouble(Candidate::iou).reversed());
    boolean[] truthTaken = new boolean[truth.size()];
    boolean[] foundTaken = new boolean[found.size()];
    int hits = 0;
    for (Candidate candidate : candidates) {
      if (!truthTaken[candidate.truth] && !foundTaken[candidate.found]) {
        truthTaken[candidate.truth] = true;
        foundTaken[candidate.found] = true;
        hits++;
      }
    }
    return new BoxTally(truth.size(), found.size(), hits);
  }

  public BoxTally plus(BoxTally other) {
    return new BoxTally(truth + other.truth, found + other.found, hits + other.hits);
  }

  /** NaN when there is nothing to find. */
  public double recall() {
    return (double) hits / truth;
  }

  /** NaN when nothing was found. */
  public double precision() {
    return (double) hits / found;
  }
}

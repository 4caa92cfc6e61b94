package dev.nightfuse.training.data;

import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Some of the pairs of a data set, chosen by name, in its order. */
public final class Subset implements PairDataset {

  private final PairDataset whole;
  private final int[] indices;

  public Subset(PairDataset whole, Predicate<String> names) {
    this.whole = whole;
    this.indices =
        IntStream.range(0, whole.size()).filter(i -> names.test(whole.name(i))).toArray();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public String name(int index) {
    return whole.name(indices[index]);
  }

  @Override
  public TrainingSample load(int index) {
    return whole.load(indices[index]);
  }
}

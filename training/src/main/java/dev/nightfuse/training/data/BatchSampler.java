package dev.nightfuse.training.data;

import java.util.Arrays;
import java.util.List;

/**
 * Says which pairs a training step sees. A pure function of seed and step, so that a run taken up
 * from a checkpoint sees what it would have seen. Each data set is gone through in random order,
 * every pair once before any comes again; how often each data set comes follows its weight exactly
 * over {@value #CYCLE} picks. One thread at a time: the last orders are remembered.
 */
public final class BatchSampler {

  private static final int CYCLE = 1000;

  /** A data set with its share of the picks, relative to the others'; 0 for none. */
  public record Source(PairDataset pairs, double weight) {}

  /**
   * One pair of a step.
   *
   * @param source number of the data set
   * @param index of the pair in it
   * @param seed for the augmentation of this pair in this step
   */
  public record Pick(int source, int index, long seed) {}

  private final long seed;
  private final int batch;
  private final int[] sizes;

  /** Data set of each pick of a cycle, and how often it came in the cycle before that pick. */
  private final int[] cycle = new int[CYCLE];

  private final int[] before = new int[CYCLE];
  private final int[] perCycle;

  private final long[] rememberedEpoch;
  private final int[][] rememberedOrder;

  /**
   * @param batch pairs of a step
   */
  public BatchSampler(long seed, int batch, List<Source> sources) {
    if (batch < 1 || sources.isEmpty()) {
      throw new IllegalArgumentException(
          "batch of %d from %d data sets: both must be 1 or more".formatted(batch, sources.size()));
    }
    this.seed = seed;
    this.batch = batch;
    this.sizes = sources.stream().mapToInt(source -> source.pairs().size()).toArray();
    this.perCycle = new int[sizes.length];
    this.rememberedEpoch = new long[sizes.length];
    this.rememberedOrder = new int[sizes.length][];
    Arrays.fill(rememberedEpoch, -1);
    double total = 0;
    for (int s = 0; s < sizes.length; s++) {
      double weight = sources.get(s).weight();
      if (sizes[s] == 0 || !(weight >= 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException(
            "data set %d of %d pairs with weight %s: it needs pairs and a weight of 0 or more"
                .formatted(s, sizes[s], weight));
      }
      total += weight;
    }
    if (total == 0) {
      throw new IllegalArgumentException("data sets with weight 0 only");
    }
    int from = 0;
    double sum = 0;
    for (int s = 0; s < sizes.length; s++) {
      sum += sources.get(s).weight();
      int to = (int) Math.round(sum / total * CYCLE);
      Arrays.fill(cycle, from, to, s);
      from = to;
    }
    int[] order = new Dice(Dice.seed(seed, -1)).permutation(CYCLE);
    int[] sorted = cycle.clone();
    for (int i = 0; i < CYCLE; i++) {
      cycle[i] = sorted[order[i]];
      before[i] = perCycle[cycle[i]]++;
    }
  }

  public int batch() {
    return batch;
  }

  /** The pairs of a step, from 0 on. */
  public List<Pick> step(long step) {
    Pick[] picks = new Pick[batch];
    for (int i = 0; i < batch; i++) {
      picks[i] = pick(Math.addExact(Math.multiplyExact(step, batch), i));
    }
    return List.of(picks);
  }

  private Pick pick(long position) {
    int place = (int) (position % CYCLE);
    int source = cycle[place];
    long earlier = position / CYCLE * perCycle[source] + before[place];
    long epoch = earlier / sizes[source];
    int index = order(source, epoch)[(int) (earlier % sizes[source])];
    return new Pick(source, index, Dice.seed(seed, 1, position));
  }

  private int[] order(int source, long epoch) {
    if (rememberedEpoch[source] != epoch) {
      rememberedOrder[source] =
          new Dice(Dice.seed(seed, 0, source, epoch)).permutation(sizes[source]);
      rememberedEpoch[source] = epoch;
    }
    return rememberedOrder[source];
  }
}

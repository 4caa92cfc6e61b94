package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.loss.TaskWeights;
import dev.nightfuse.training.loss.Terms;
import org.bytedeco.pytorch.Tensor;

/**
 * How the two tasks of MAFS's stage II share the network: the strategies of Table X. Remembers the
 * losses of the last two steps, which dynamic weight average compares.
 */
final class TaskBalance {

  /** Of Table X; FairGrad, which needs each task's gradient by itself, is not among them. */
  enum Strategy {
    /** The plain sum. */
    EQUAL,
    /** Learned variances of the tasks. */
    UNCERTAINTY,
    /** Eq. 21 alone, the table's "w/o alpha-fair". */
    DYNAMIC_AVERAGE,
    /** Eq. 20, then Eq. 21: the paper's own. */
    FAIR
  }

  /**
   * @param alpha of {@link Strategy#FAIR}
   * @param temperature of Eq. 21
   */
  record Settings(Strategy strategy, double alpha, double temperature) {}

  /** Prefix of the parameters that {@link Strategy#UNCERTAINTY} learns. */
  static final String KEYS = "balance.";

  private static final int TASKS = 2;

  private final Settings settings;

  /** Losses of the step before the last, then of the last; empty before there are any. */
  private double[] losses = new double[0];

  TaskBalance(Settings settings) {
    this.settings = settings;
  }

  /** The loss of a step. Moves on: the next call is the next step. */
  Terms combine(Ops<Tensor> ops, Terms fusion, Terms segmentation) {
    Terms sum = new Terms().list("fusion", fusion).list("segmentation", segmentation);
    Tensor first = fusion.total();
    Tensor second = segmentation.total();
    return switch (settings.strategy) {
      case EQUAL -> sum.add("fusion", 1, first).add("segmentation", 1, second);
      case UNCERTAINTY ->
          sum.add("fusion-uncertain", 1, uncertain(ops, "fusion", first))
              .add("segmentation-uncertain", 1, uncertain(ops, "segmentation", second));
      case DYNAMIC_AVERAGE -> average(sum, first, second);
      case FAIR ->
          average(
              sum,
              TaskWeights.alphaFair(first, settings.alpha),
              TaskWeights.alphaFair(second, settings.alpha));
    };
  }

  private static Tensor uncertain(Ops<Tensor> ops, String task, Tensor loss) {
    Tensor logVariance = ops.parameter(KEYS + task, Shape.of(1));
    return TaskWeights.uncertain(loss, logVariance).sum();
  }

  /** Weights of this step follow from the two before; they are 1 until there are two. */
  private Terms average(Terms sum, Tensor fusion, Tensor segmentation) {
    double[] weights = {1, 1};
    if (losses.length == 2 * TASKS) {
      double[] before = {losses[0], losses[1]};
      double[] last = {losses[2], losses[3]};
      weights = TaskWeights.dynamicAverage(last, before, settings.temperature);
    }
    double f = fusion.item_double();
    double s = segmentation.item_double();
    losses =
        losses.length == 0
            ? new double[] {f, s}
            : new double[] {losses[losses.length - 2], losses[losses.length - 1], f, s};
    return sum.add("fusion", weights[0], fusion).add("segmentation", weights[1], segmentation);
  }

  double[] state() {
    return losses.clone();
  }

  void restore(double[] state) {
    if (state.length > 2 * TASKS || state.length % TASKS != 0) {
      throw new IllegalArgumentException(
          "state of the task balance: %d numbers, 0, 2 or 4 are kept".formatted(state.length));
    }
    losses = state.clone();
  }
}

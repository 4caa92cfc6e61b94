package dev.nightfuse.app;

import dev.nightfuse.engine.quality.BoxTally;
import dev.nightfuse.engine.quality.LabelAgreement;
import dev.nightfuse.engine.quality.Metric;
import dev.nightfuse.engine.quality.TrivialFusion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Results of all pairs taken together: means of the metrics, sums of pixels and boxes. */
final class EvaluateSummary {

  private final EvaluateDataset dataset;
  private final List<String> methods = new ArrayList<>();
  private final List<EvaluateResult> results;

  EvaluateSummary(
      EvaluateDataset dataset, List<EvaluateModel> models, List<EvaluateResult> results) {
    this.dataset = dataset;
    this.results = List.copyOf(results);
    models.forEach(model -> methods.add(model.name()));
    for (TrivialFusion trivial : TrivialFusion.values()) {
      methods.add(trivial.label());
    }
  }

  EvaluateDataset dataset() {
    return dataset;
  }

  /** Names of the methods, models first. */
  List<String> methods() {
    return methods;
  }

  List<EvaluateResult> results() {
    return results;
  }

  /** Mean over the pairs for which the metric is defined. */
  double mean(int method, Metric metric) {
    return results.stream()
        .mapToDouble(result -> result.methods().get(method).scores().get(metric))
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /** Pairs without a value for some metric: a source or a fused picture of them is flat. */
  List<String> undefined() {
    List<String> pairs = new ArrayList<>();
    for (EvaluateResult result : results) {
      boolean missing = false;
      for (EvaluateResult.Method method : result.methods()) {
        for (Metric metric : Metric.values()) {
          missing |= Double.isNaN(method.scores().get(metric));
        }
      }
      if (missing) {
        pairs.add(result.pair());
      }
    }
    return pairs;
  }

  double correlationCeiling() {
    return results.stream()
        .mapToDouble(EvaluateResult::correlationCeiling)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /** Agreement over all pairs with labels; null for a method that does not segment. */
  @Nullable LabelAgreement agreement(int method, int labelSet) {
    LabelAgreement sum = null;
    for (EvaluateResult result : results) {
      LabelAgreement one = result.methods().get(method).agreements().get(labelSet);
      if (one != null) {
        sum = sum == null ? new LabelAgreement(dataset.classes().size()) : sum;
        sum.add(one);
      }
    }
    return sum;
  }

  /** Boxes of a method by class; empty when it does not segment. */
  Map<Integer, BoxTally> boxes(int method) {
    List<@Nullable Map<Integer, BoxTally>> tallies = new ArrayList<>();
    results.forEach(result -> tallies.add(result.methods().get(method).boxes()));
    return sum(tallies);
  }

  /** Boxes that a label set's own maps make, on the pairs that have them. */
  Map<Integer, BoxTally> boxesOfLabels(int labelSet) {
    List<@Nullable Map<Integer, BoxTally>> tallies = new ArrayList<>();
    results.forEach(result -> tallies.add(result.labelBoxes().get(labelSet)));
    return sum(tallies);
  }

  private static Map<Integer, BoxTally> sum(List<@Nullable Map<Integer, BoxTally>> tallies) {
    Map<Integer, BoxTally> sums = new TreeMap<>();
    for (Map<Integer, BoxTally> one : tallies) {
      if (one != null) {
        one.forEach((id, tally) -> sums.merge(id, tally, BoxTally::plus));
      }
    }
    return sums;
  }
}

package dev.nightfuse.app;

import dev.nightfuse.engine.quality.BoxTally;
import dev.nightfuse.engine.quality.LabelAgreement;
import dev.nightfuse.engine.quality.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * The result as one CSV table: a row per method and pair, then a row per method with pair {@code
 * mean} that also has what is counted over all pairs. Full precision; empty where undefined.
 */
final class EvaluateCsv {

  private EvaluateCsv() {}

  static String of(EvaluateSummary summary) {
    EvaluateDataset dataset = summary.dataset();
    StringBuilder csv = new StringBuilder("method,pair");
    for (Metric metric : Metric.values()) {
      csv.append(',').append(metric.label());
    }
    for (EvaluateDataset.LabelSet set : dataset.labelSets()) {
      String prefix = (set.predicted() ? "agreement" : "iou") + "_";
      dataset.classes().forEach(name -> csv.append(',').append(quoted(prefix + name)));
      csv.append(',').append(prefix).append("mean");
    }
    for (int id : dataset.boxClasses()) {
      String name = dataset.classes().get(id);
      csv.append(',').append(quoted("recall_" + name));
      csv.append(',').append(quoted("precision_" + name));
      csv.append(',').append(quoted("boxes_" + name));
    }
    csv.append('\n');
    int counted =
        dataset.labelSets().size() * (dataset.classes().size() + 1)
            + 3 * dataset.boxClasses().size();
    for (int method = 0; method < summary.methods().size(); method++) {
      String name = summary.methods().get(method);
      for (EvaluateResult result : summary.results()) {
        List<String> cells = new ArrayList<>(List.of(quoted(name), quoted(result.pair())));
        for (Metric metric : Metric.values()) {
          cells.add(number(result.methods().get(method).scores().get(metric)));
        }
        csv.append(String.join(",", cells)).append(",".repeat(counted)).append('\n');
      }
    }
    for (int method = 0; method < summary.methods().size(); method++) {
      csv.append(String.join(",", means(summary, method))).append('\n');
    }
    return csv.toString();
  }

  private static List<String> means(EvaluateSummary summary, int method) {
    EvaluateDataset dataset = summary.dataset();
    List<String> cells = new ArrayList<>(List.of(quoted(summary.methods().get(method)), "mean"));
    for (Metric metric : Metric.values()) {
      cells.add(number(summary.mean(method, metric)));
    }
    for (int set = 0; set < dataset.labelSets().size(); set++) {
      LabelAgreement agreement = summary.agreement(method, set);
      for (int id = 0; id < dataset.classes().size(); id++) {
        cells.add(agreement == null ? "" : number(agreement.iou(id)));
      }
      cells.add(agreement == null ? "" : number(agreement.meanIou()));
    }
    for (int id : dataset.boxClasses()) {
      BoxTally tally = summary.boxes(method).get(id);
      cells.add(tally == null ? "" : number(tally.recall()));
      cells.add(tally == null ? "" : number(tally.precision()));
      cells.add(tally == null ? "" : String.valueOf(tally.truth()));
    }
    return cells;
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.valueOf(value);
  }

  private static String quoted(String text) {
    return text.matches("[^\",\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}

package dev.nightfuse.app;

import dev.nightfuse.engine.quality.BoxTally;
import dev.nightfuse.engine.quality.LabelAgreement;
import dev.nightfuse.engine.quality.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One table of the result, as text cells; the first column names the row.
 *
 * @param note what must be known to read it
 */
record EvaluateTable(String title, List<String> header, List<List<String>> rows, String note) {

  static final String ABSENT = "-";

  /** All tables of a run. */
  static List<EvaluateTable> of(EvaluateSummary summary) {
    List<EvaluateTable> tables = new ArrayList<>();
    tables.add(fusion(summary));
    for (int set = 0; set < summary.dataset().labelSets().size(); set++) {
      EvaluateTable table = agreement(summary, set);
      if (!table.rows.isEmpty()) {
        tables.add(table);
      }
    }
    EvaluateTable boxes = boxes(summary);
    if (!boxes.rows.isEmpty()) {
      tables.add(boxes);
    }
    return tables;
  }

  private static EvaluateTable fusion(EvaluateSummary summary) {
    List<List<String>> rows = new ArrayList<>();
    for (int method = 0; method < summary.methods().size(); method++) {
      List<String> row = new ArrayList<>(List.of(summary.methods().get(method)));
      for (Metric metric : Metric.values()) {
        row.add(number(summary.mean(method, metric), metric.decimals()));
      }
      rows.add(row);
    }
    String note =
        "Means over the pictures. No fusion of these pairs can exceed CC %s. max and average are one line of code each."
            .formatted(number(summary.correlationCeiling(), 3));
    List<String> undefined = summary.undefined();
    if (!undefined.isEmpty()) {
      note +=
          " %d pairs have flat pictures, for which CC and SCD are not defined; those means leave them out: %s."
              .formatted(undefined.size(), String.join(", ", undefined));
    }
    EvaluateDataset dataset = summary.dataset();
    return new EvaluateTable(
        "Fusion on %s, %d of %d pairs"
            .formatted(dataset.name(), summary.results().size(), dataset.total()),
        header("method", Arrays.stream(Metric.values()).map(Metric::label).toList()),
        rows,
        note);
  }

  private static EvaluateTable agreement(EvaluateSummary summary, int set) {
    EvaluateDataset dataset = summary.dataset();
    EvaluateDataset.LabelSet labels = dataset.labelSets().get(set);
    List<List<String>> rows = new ArrayList<>();
    for (int method = 0; method < summary.methods().size(); method++) {
      LabelAgreement agreement = summary.agreement(method, set);
      if (agreement == null) {
        continue;
      }
      List<String> row = new ArrayList<>(List.of(summary.methods().get(method)));
      for (int id = 0; id < dataset.classes().size(); id++) {
        row.add(number(agreement.iou(id), 3));
      }
      row.add(number(agreement.meanIou(), 3));
      rows.add(row);
    }
    List<String> columns = new ArrayList<>(dataset.classes());
    columns.add("mean");
    return new EvaluateTable(
        labels.predicted()
            ? "Agreement (IoU) with %s".formatted(labels.name())
            : "IoU with %s".formatted(labels.name()),
        header("method", columns),
        rows,
        labels.predicted()
            ? "Those labels are predictions of other networks, not ground truth. 255 is ignored; a class in neither map is left out of the mean."
            : "255 is ignored; a class in neither map is left out of the mean.");
  }

  private static EvaluateTable boxes(EvaluateSummary summary) {
    EvaluateDataset dataset = summary.dataset();
    List<List<String>> rows = new ArrayList<>();
    for (int method = 0; method < summary.methods().size(); method++) {
      add(rows, summary.methods().get(method), summary.boxes(method), dataset);
    }
    if (!rows.isEmpty()) {
      for (int set = 0; set < dataset.labelSets().size(); set++) {
        String name = dataset.labelSets().get(set).name();
        add(rows, name + " (where present)", summary.boxesOfLabels(set), dataset);
      }
    }
    List<String> columns = new ArrayList<>();
    for (int id : dataset.boxClasses()) {
      String name = dataset.classes().get(id);
      columns.addAll(List.of(name + " recall", name + " precision", name + " boxes"));
    }
    return new EvaluateTable(
        "Boxes found, IoU %s".formatted(number(EvaluateWorker.BOX_IOU, 1)),
        header("maps of", columns),
        rows,
        "Boxes around connected components of %d pixels or more, matched one to one, best overlap first. People who touch merge into one component."
            .formatted(EvaluateWorker.LEAST_PIXELS));
  }

  private static void add(
      List<List<String>> rows, String name, Map<Integer, BoxTally> tallies, EvaluateDataset of) {
    if (tallies.isEmpty()) {
      return;
    }
    List<String> row = new ArrayList<>(List.of(name));
    for (int id : of.boxClasses()) {
      BoxTally tally = tallies.getOrDefault(id, BoxTally.NONE);
      row.add(number(tally.recall(), 3));
      row.add(number(tally.precision(), 3));
      row.add(String.valueOf(tally.truth()));
    }
    rows.add(row);
  }

  private static List<String> header(String first, List<String> others) {
    List<String> header = new ArrayList<>(List.of(first));
    header.addAll(others);
    return header;
  }

  static String number(double value, int decimals) {
    return Double.isNaN(value) ? ABSENT : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Aligned columns for a terminal. */
  String text() {
    int[] widths = new int[header.size()];
    List<List<String>> lines = new ArrayList<>(List.of(header));
    lines.addAll(rows);
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder(title).append(System.lineSeparator());
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        String pad = " ".repeat(widths[i] - line.get(i).length());
        out.append(i == 0 ? line.get(i) + pad : "  " + pad + line.get(i));
      }
      out.append(System.lineSeparator());
    }
    return out.append(note).append(System.lineSeparator()).toString();
  }
}

package dev.nightfuse.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of others for the report: those printed in papers, and measured ones where they are kept.
 */
final class EvaluateReferences {

  private static final String PUBLISHED = "published-metrics.csv";

  private EvaluateReferences() {}

  /**
   * Tables about a data set of this name; empty when there are none.
   *
   * @param measured a Markdown file with a section for each data set; may be absent
   */
  static List<EvaluateTable> about(String dataset, Path measured) {
    List<EvaluateTable> tables = new ArrayList<>();
    if (Files.isReadable(measured)) {
      try {
        tables.addAll(measured(dataset, Files.readAllLines(measured)));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + measured, e);
      }
    }
    tables.addAll(published(dataset));
    return tables;
  }

  /** The first section whose heading starts with the name of the data set. */
  static List<EvaluateTable> measured(String dataset, List<String> lines) {
    String heading = "### " + dataset + ",";
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).regionMatches(true, 0, heading, 0, heading.length())) {
        continue;
      }
      List<List<String>> rows = new ArrayList<>();
      for (int r = i + 1; r < lines.size() && lines.get(r).startsWith("|"); r++) {
        if (!lines.get(r).startsWith("|---")) {
          String[] cells = lines.get(r).replace("*", "").split("\\|", -1);
          rows.add(
              Arrays.stream(cells).limit(cells.length - 1).skip(1).map(String::strip).toList());
        }
      }
      if (rows.size() < 2) {
        return List.of();
      }
      return List.of(
          new EvaluateTable(
              "Published networks, measured: " + lines.get(i).substring(4),
              rows.get(0),
              rows.subList(1, rows.size()),
              "The same definitions on other pairs than above: for orientation, not for one ranking."));
    }
    return List.of();
  }

  /** Tables as printed in papers, one per source. */
  static List<EvaluateTable> published(String dataset) {
    Map<String, List<List<String>>> bySource = new LinkedHashMap<>();
    List<String> header = List.of();
    for (String line : resource()) {
      List<String> cells =
          Arrays.stream(line.split(",", -1)).map(c -> c.isBlank() ? "-" : c.strip()).toList();
      if (header.isEmpty()) {
        header = cells.subList(2, cells.size());
      } else if (cells.get(0).equalsIgnoreCase(dataset)) {
        bySource
            .computeIfAbsent(cells.get(1), unused -> new ArrayList<>())
            .add(cells.subList(2, cells.size()));
      }
    }
    List<EvaluateTable> tables = new ArrayList<>();
    for (Map.Entry<String, List<List<String>>> source : bySource.entrySet()) {
      tables.add(
          new EvaluateTable(
              "As printed: " + source.getKey(),
              header,
              source.getValue(),
              "Other pairs and partly other conventions (AG of the MAFS paper appears to be sqrt(2) times ours): not for one ranking."));
    }
    return tables;
  }

  private static List<String> resource() {
    InputStream in = EvaluateReferences.class.getResourceAsStream(PUBLISHED);
    if (in == null) {
      throw new IllegalStateException("the program lacks its resource " + PUBLISHED);
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + PUBLISHED, e);
    }
  }
}

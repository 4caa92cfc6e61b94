package dev.nightfuse.app;

import dev.nightfuse.engine.quality.Metric;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The result as one HTML page that needs no other file. */
final class EvaluateHtml {

  private static final String STYLE =
      """
      body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1400px; padding: 0 1rem;
             color: #1c2126; background: #fff }
      h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.2rem } h3 { font-size: 1rem }
      .wide { overflow-x: auto }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums }
      th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid #d9dee3; white-space: nowrap }
      th:first-child, td:first-child { text-align: left }
      td.best { font-weight: 700 }
      p.note { color: #566069; max-width: 60rem }
      .pair { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: .6rem } figure { margin: 0 } figcaption { color: #566069 }
      img { width: 100%; display: block }
      @media (prefers-color-scheme: dark) {
        body { color: #e4e8ec; background: #14181c } th, td { border-color: #363d44 }
        p.note, figcaption { color: #9aa5af }
      }
      """;

  private EvaluateHtml() {}

  /**
   * @param references tables that others measured, shown below ours
   */
  static String of(
      EvaluateSummary summary, List<EvaluateTable> tables, List<EvaluateTable> references) {
    String title = "Evaluation on " + summary.dataset().name();
    StringBuilder html = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n");
    html.append("<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<title>").append(escaped(title)).append("</title>\n");
    html.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
    html.append("<h1>").append(escaped(title)).append("</h1>\n");
    html.append("<p class=\"note\">Nightfuse ").append(escaped(Version.text())).append(". ");
    html.append("Bold: highest of its column, which is no claim of the best picture.</p>\n");
    tables.forEach(table -> append(html, table));
    html.append("<p class=\"note\">");
    for (Metric metric : Metric.values()) {
      html.append("<b>").append(metric.label()).append("</b> ").append(metric.meaning());
      html.append("; ");
    }
    html.append("higher counts as better.</p>\n");
    references.forEach(table -> append(html, table));
    html.append("<h2>Pictures</h2>\n");
    for (EvaluateResult result : summary.results()) {
      append(html, result);
    }
    perPair(html, summary);
    return html.append("</body>\n</html>\n").toString();
  }

  private static void append(StringBuilder html, EvaluateTable table) {
    html.append("<h2>").append(escaped(table.title())).append("</h2>\n");
    rows(html, table);
    html.append("<p class=\"note\">").append(escaped(table.note())).append("</p>\n");
  }

  private static void rows(StringBuilder html, EvaluateTable table) {
    html.append("<div class=\"wide\"><table>\n<tr>");
    for (String cell : table.header()) {
      html.append("<th>").append(escaped(cell)).append("</th>");
    }
    html.append("</tr>\n");
    for (List<String> row : table.rows()) {
      html.append("<tr>");
      for (int column = 0; column < row.size(); column++) {
        boolean best = table.rows().size() > 1 && column > 0 && isBest(table, row, column);
        html.append(best ? "<td class=\"best\">" : "<td>");
        html.append(escaped(row.get(column))).append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private static boolean isBest(EvaluateTable table, List<String> row, int column) {
    double value = value(row.get(column));
    return !Double.isNaN(value)
        && table.rows().stream().noneMatch(other -> value(other.get(column)) > value);
  }

  private static double value(String cell) {
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static void append(StringBuilder html, EvaluateResult result) {
    if (result.pictures().isEmpty()) {
      return;
    }
    html.append("<h3>").append(escaped(result.pair())).append("</h3>\n<div class=\"pair\">\n");
    for (Map.Entry<String, byte[]> picture : result.pictures().entrySet()) {
      String caption = escaped(picture.getKey());
      html.append("<figure><img alt=\"").append(caption).append("\" src=\"data:image/jpeg;base64,");
      html.append(Base64.getEncoder().encodeToString(picture.getValue()));
      html.append("\"><figcaption>").append(caption).append("</figcaption></figure>\n");
    }
    html.append("</div>\n");
  }

  private static void perPair(StringBuilder html, EvaluateSummary summary) {
    List<String> header = new ArrayList<>(List.of("pair"));
    for (Metric metric : Metric.values()) {
      header.add(metric.label());
    }
    for (int method = 0; method < summary.methods().size(); method++) {
      List<List<String>> rows = new ArrayList<>();
      for (EvaluateResult result : summary.results()) {
        List<String> row = new ArrayList<>(List.of(result.pair()));
        for (Metric metric : Metric.values()) {
          double value = result.methods().get(method).scores().get(metric);
          row.add(EvaluateTable.number(value, metric.decimals()));
        }
        rows.add(row);
      }
      String name = summary.methods().get(method);
      html.append("<details><summary>Every pair: ").append(escaped(name)).append("</summary>\n");
      rows(html, new EvaluateTable(name, header, rows, ""));
      html.append("</details>\n");
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}

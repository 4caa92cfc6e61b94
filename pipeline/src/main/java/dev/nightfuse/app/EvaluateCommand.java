package dev.nightfuse.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nightfuse evaluate}: how good models are on a folder of aligned pairs. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Measures models on aligned pairs: ten fusion metrics, class overlap, boxes found.",
      "",
      "The one-line fusions max and average are always measured too: they lead several metrics, so no number means"
          + " anything without them."
    },
    footer = {
      "",
      "DIR holds visible/ and infrared/ (pictures belong together by name) and, where present,",
      "  labels/         label maps made by people, PNG, one label per pixel, 255 ignored",
      "  pseudo_labels/  the same made by networks: the result is called agreement",
      "  boxes/          YOLO boxes, one text file per picture",
      "",
      "  nightfuse evaluate --dataset MSRS --model nightnet-m --html report.html"
    })
final class EvaluateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the data set.")
  private Path folder;

  @Option(
      names = "--model",
      required = true,
      split = ",",
      paramLabel = "MODEL",
      description = "Built-in models, or model folders, side by side.")
  private List<String> names;

  @Option(names = "--csv", paramLabel = "FILE", description = "Also write every value as CSV.")
  private @Nullable Path csv;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a page with tables and pictures.")
  private @Nullable Path html;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "Only N pairs, spread evenly over the names. Default: all.")
  private int limit;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Pairs at the same time. Default: one per processor.")
  private int threads;

  @Override
  public Integer call() throws Exception {
    if (limit < 0 || threads < 0) {
      throw new UserErrorException(
          ExitCode.USAGE, "evaluate: --limit and --threads take 1 or more");
    }
    EvaluateDataset dataset = new EvaluateDataset(folder, limit);
    List<EvaluateModel> models = EvaluateModel.openAll(names, dataset.classes());
    if (csv != null) {
      OutputFile.requireWritable(csv);
    }
    if (html != null) {
      OutputFile.requireWritable(html);
    }
    List<EvaluateResult> results;
    try (Progress progress = new Progress("evaluating", "pairs")) {
      int workers = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
      results = new EvaluateRun(dataset, models, workers).run(progress);
    }
    EvaluateSummary summary = new EvaluateSummary(dataset, models, results);
    List<EvaluateTable> tables = EvaluateTable.of(summary);
    PrintWriter out = spec.commandLine().getOut();
    for (EvaluateTable table : tables) {
      out.println(table.text());
    }
    out.flush();
    if (csv != null) {
      write(csv, EvaluateCsv.of(summary));
    }
    if (html != null) {
      Path measured =
          Places.of(System.getenv()).root().resolve("../shared/peers/metrics.md").normalize();
      List<EvaluateTable> references = EvaluateReferences.about(dataset.name(), measured);
      write(html, EvaluateHtml.of(summary, tables, references));
    }
    return ExitCode.OK;
  }

  private static void write(Path file, String text) throws UserErrorException {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, "%s cannot be written: %s".formatted(file, e.getMessage()));
    }
  }
}

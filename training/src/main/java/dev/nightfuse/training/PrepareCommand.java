package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.data.DataException;
import dev.nightfuse.training.data.DatasetCheck;
import dev.nightfuse.training.data.DatasetLayout;
import dev.nightfuse.training.data.Finding;
import dev.nightfuse.training.data.FolderDataset;
import dev.nightfuse.training.data.SceneSplit;
import dev.nightfuse.training.data.SplitFolder;
import dev.nightfuse.training.teacher.FusedJob;
import dev.nightfuse.training.teacher.LabelJob;
import dev.nightfuse.training.torch.TorchDevice;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nightfuse prepare}: looks at data sets and makes what training takes from teachers. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    subcommands = CommandLine.HelpCommand.class,
    description = "Looks at data sets, and makes what training takes from teachers.",
    footer = {
      "",
      "  nightfuse prepare check MSRS RoadScene",
      "  nightfuse prepare split MSRS",
      "  nightfuse prepare labels MSRS --weights MFNet.pth -o prepared/MSRS"
    })
public final class PrepareCommand {

  @Spec private CommandSpec spec;

  /** Which scenes are held out. */
  static final class FoldOption {
    @Option(
        names = "--fold",
        defaultValue = "first",
        paramLabel = "FOLD",
        description =
            "Which scenes are held out: first, second or none, as held-out in a training configuration."
                + " Default: ${DEFAULT-VALUE}.")
    private SceneSplit split;
  }

  /** What every job of a teacher is told. */
  static final class TeacherOptions {
    @Option(
        names = "--weights",
        required = true,
        paramLabel = "FILE",
        description = "Published weights of the teacher.")
    private Path weights;

    @Option(
        names = {"-o", "--output"},
        required = true,
        paramLabel = "DIR",
        description = "Where to write; what is there is kept.")
    private Path output;

    @Option(
        names = "--threads",
        defaultValue = "1",
        paramLabel = "N",
        description = "Threads of libtorch. Default: ${DEFAULT-VALUE}.")
    private int threads;
  }

  /** For the launcher. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new PrepareCommand())
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Mistakes());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Lists files that would spoil training, with the reason.",
        "Exit code 1 when there are any."
      })
  int check(
      @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders of pairs.")
          List<Path> folders)
      throws DataException {
    Map<Finding.Kind, Integer> counts = new EnumMap<>(Finding.Kind.class);
    int pairs = 0;
    for (Path folder : folders) {
      FolderDataset set = FolderDataset.open(folder);
      pairs += set.size();
      try (ProgressBar bar = TrainingBar.of("check " + set.title(), "pairs", set.size())) {
        new DatasetCheck(set)
            .run(
                bar::step,
                finding -> {
                  out().println(finding);
                  counts.merge(finding.kind(), 1, Integer::sum);
                });
      }
    }
    out().printf("%d pairs, findings: %s%n", pairs, counts.isEmpty() ? "none" : counts);
    out().flush();
    return counts.isEmpty() ? 0 : 1;
  }

  @Command(
      name = "split",
      mixinStandardHelpOptions = true,
      description = "Lists the pairs that are held out of training, whole scenes.")
  int split(
      @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders of pairs.")
          List<Path> folders,
      @Mixin FoldOption fold,
      @Option(
              names = "--link",
              paramLabel = "DIR",
              description =
                  "Also make a folder of links to the held-out pairs of each data set, for evaluate.")
          @Nullable Path link,
      @Option(
              names = "--training",
              description = "Link the pairs that are learnt from instead, for model calibrate.")
          boolean training)
      throws DataException, IOException {
    Set<String> linked = new HashSet<>();
    for (Path folder : folders) {
      FolderDataset set = FolderDataset.open(folder);
      int heldOut = 0;
      for (int i = 0; i < set.size(); i++) {
        if (fold.split.heldOut(set.name(i))) {
          out().printf("%s/%s%n", set.title(), set.name(i));
          heldOut++;
        }
      }
      out().printf("%s: %d of %d pairs held out%n", set.title(), heldOut, set.size());
      if (link != null) {
        if (!linked.add(set.title())) {
          throw new DataException(
              "two data sets are named %s; link them into different folders"
                  .formatted(set.title()));
        }
        DatasetLayout layout = DatasetLayout.of(folder);
        SplitFolder.write(
            folder,
            layout,
            link.resolve(set.title()),
            name -> fold.split.heldOut(name) != training);
        if (!layout.inMfNetClasses()) {
          out().printf("%s: label maps have other classes and are left out%n", set.title());
        }
      }
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "labels",
      mixinStandardHelpOptions = true,
      description = {
        "Makes label maps from MFNet's answers and boxes drawn by people.",
        "",
        "Writes DIR/soft (MFNet's probabilities) and DIR/labels (maps of the pairs that have boxes and no map of"
            + " their own). Maps of held-out pairs are compared and not used."
      })
  int labels(
      @Parameters(paramLabel = "DIR", description = "Folder of pairs.") Path folder,
      @Mixin TeacherOptions teacher,
      @Mixin FoldOption fold,
      @Option(
              names = "--shapes",
              paramLabel = "DIR",
              description =
                  "Pairs with boxes and maps that show how objects fill their boxes. Default: those of DIR.")
          @Nullable Path shapes)
      throws DataException, EngineException, IOException {
    TorchDevice.useThreads(teacher.threads);
    FolderDataset set = FolderDataset.open(folder);
    FolderDataset shown = shapes == null ? set : FolderDataset.open(shapes);
    LabelJob.Report report;
    try (ProgressBar bar = TrainingBar.of("labels " + set.title(), "pairs", set.size())) {
      report =
          new LabelJob(
                  set,
                  shown,
                  fold.split,
                  teacher.output.resolve("soft"),
                  teacher.output.resolve("labels"))
              .run(teacher.weights, TorchDevice.CPU, bar::step);
    }
    out()
        .printf(
            "%d label maps written to %s%n", report.written(), teacher.output.resolve("labels"));
    if (report.compared() > 0) {
      out().printf("Agreement with the maps of %d held-out pairs (IoU):%n", report.compared());
      for (int c = 0; c < MfNet.CLASSES.size(); c++) {
        out()
            .printf(
                Locale.ROOT,
                "  %-12s MFNet %.3f  refined %.3f%n",
                MfNet.CLASSES.get(c),
                report.teacher().iou(c),
                report.refined().iou(c));
      }
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "fused",
      mixinStandardHelpOptions = true,
      description = "Writes what SeAFusion makes of each pair, as grey pictures.")
  int fused(
      @Parameters(paramLabel = "DIR", description = "Folder of pairs.") Path folder,
      @Mixin TeacherOptions teacher)
      throws DataException, EngineException, IOException {
    TorchDevice.useThreads(teacher.threads);
    FolderDataset set = FolderDataset.open(folder);
    try (ProgressBar bar = TrainingBar.of("fuse " + set.title(), "pairs", set.size())) {
      new FusedJob(set, teacher.output).run(teacher.weights, TorchDevice.CPU, bar::step);
    }
    return 0;
  }
}

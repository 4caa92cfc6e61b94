package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.training.data.DatasetLayout;
import dev.nightfuse.training.data.FolderDataset;
import dev.nightfuse.training.data.PairDataset;
import dev.nightfuse.training.data.SampleCache;
import dev.nightfuse.training.settings.TrainException;
import dev.nightfuse.training.torch.Initialiser;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchParameters;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nightfuse train}: runs a training configuration, or goes on with one. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a network as a YAML file describes it.",
      "",
      "A run that is stopped, by whatever, goes on from its last checkpoint when it is started again;",
      "the loss curve then is what it would have been. A file that says something else than what was",
      "learnt with so far is refused."
    },
    footer = {"", "  nightfuse train -c configs/training/nightnet-dense.yaml"})
public final class TrainCommand implements Callable<Integer> {

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "What to train, on what, for how long.")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the run. Default: .nightfuse/training/NAME.")
  private @Nullable Path out;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      paramLabel = "DEVICE",
      description = "cpu or cuda. Default: cpu.")
  private String device;

  @Option(
      names = "--threads",
      defaultValue = "1",
      paramLabel = "N",
      description = "Threads of libtorch; results are exactly repeatable with one. Default: 1.")
  private int threads;

  @Option(names = "--restart", description = "Forget what was learned and start again.")
  private boolean restart;

  @Spec private CommandSpec spec;

  /** For the launcher. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** With a user's mistakes as one line. */
  static CommandLine commandLine() {
    return new CommandLine(new TrainCommand()).setExecutionExceptionHandler(new Mistakes());
  }

  @Override
  public Integer call() throws Exception {
    TrainConfig config = TrainConfig.read(file);
    Path folder = out == null ? Path.of(".nightfuse", "training", config.name()) : out;
    Files.createDirectories(folder);
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Held until the channel is closed; whatever ends the process lets it go.
      if (lock.tryLock() == null) {
        throw new TrainException(
            "%s: another trainer is at work there; --out names another folder".formatted(folder));
      }
      return run(config, folder);
    }
  }

  private int run(TrainConfig config, Path folder) throws Exception {
    TorchDevice where = device();
    TorchDevice.useThreads(threads);
    Checkpoint checkpoint = checkpoint(folder, config);
    if (checkpoint != null && checkpoint.stage() >= config.stages().size()) {
      spec.commandLine()
          .getOut()
          .println(
              "%s was finished before, nothing was trained; its weights are %s, --restart begins anew"
                  .formatted(config.name(), folder.resolve(TrainLoop.WEIGHTS)));
      return CommandLine.ExitCode.OK;
    }
    List<PairDataset> sets = new ArrayList<>();
    List<Validation.Named> heldOut = new ArrayList<>();
    for (TrainConfig.Data data : config.data()) {
      PairDataset all =
          FolderDataset.open(data.folder(), DatasetLayout.of(data.folder()), data.labels());
      PairDataset known = config.heldOut().training(all);
      if (known.size() == 0) {
        throw new TrainException(
            "data set %s: all of its %d pairs are held out (see held-out), nothing is left to learn from"
                .formatted(data.folder(), all.size()));
      }
      sets.add(new SampleCache(known, config.cacheBytes()));
      PairDataset unknown = config.heldOut().validation(all);
      if (unknown.size() > 0) {
        heldOut.add(new Validation.Named(data.name(), unknown));
      }
    }
    long steps = steps(config.stages());
    long done =
        checkpoint == null
            ? 0
            : steps(config.stages().subList(0, checkpoint.stage())) + checkpoint.step();
    FirstWeights first =
        new FirstWeights(
            checkpoint, config.start(), Recipes.begin(config, Initialiser.seeded(config.seed())));
    try (TorchParameters parameters = new TorchParameters(first, where);
        RunMonitor monitor = new RunMonitor(Clock.systemUTC(), config.name(), steps, done);
        Recipe recipe = Recipes.of(config, parameters, where)) {
      parameters.computeIn(config.precision());
      if (restart) {
        // Not before all that the new run needs was found.
        Files.deleteIfExists(folder.resolve(TrainLoop.CHECKPOINT));
      }
      new TrainLoop(config, recipe, parameters, first, where, sets, heldOut, folder, monitor)
          .run(checkpoint);
    }
    return CommandLine.ExitCode.OK;
  }

  private static long steps(List<TrainConfig.StageConfig> stages) {
    return stages.stream().mapToLong(TrainConfig.StageConfig::steps).sum();
  }

  private TorchDevice device() throws TrainException {
    TorchDevice wanted =
        switch (device) {
          case "cpu" -> TorchDevice.CPU;
          case "cuda" -> TorchDevice.CUDA;
          default ->
              throw new TrainException("device \"%s\": cpu and cuda are allowed".formatted(device));
        };
    try {
      return wanted.require();
    } catch (IllegalStateException e) {
      throw new TrainException(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Checkpoint checkpoint(Path folder, TrainConfig config)
      throws EngineException, TrainException, IOException {
    Path kept = folder.resolve(TrainLoop.CHECKPOINT);
    if (restart || !Files.exists(kept)) {
      return null;
    }
    Checkpoint checkpoint = Checkpoint.read(kept);
    int index = checkpoint.stage();
    checkpoint.learntWith().requireSame(LearntWith.until(config, index, checkpoint.step()), kept);
    if (checkpoint.step() > 0
        && index < config.stages().size()
        && checkpoint.step() >= config.stages().get(index).steps()) {
      throw new TrainException(
          "stages.%s.steps: %d are asked for, but %d were made; more than that go on from there, and --restart begins anew"
              .formatted(
                  config.stages().get(index).name(),
                  config.stages().get(index).steps(),
                  checkpoint.step()));
    }
    return checkpoint;
  }
}

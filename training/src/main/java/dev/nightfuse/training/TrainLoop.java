package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.training.data.Augmenter;
import dev.nightfuse.training.data.BatchLoader;
import dev.nightfuse.training.data.BatchSampler;
import dev.nightfuse.training.data.PairDataset;
import dev.nightfuse.training.loss.Terms;
import dev.nightfuse.training.settings.TrainException;
import dev.nightfuse.training.stage.PairBatch;
import dev.nightfuse.training.torch.Ema;
import dev.nightfuse.training.torch.Optimiser;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Runs a recipe. Every step follows from the configuration, the seed and its number alone, and a
 * checkpoint holds all the rest, so a run that is killed and taken up again computes what it would
 * have computed. One thread; the loader has another.
 */
final class TrainLoop {

  static final String CHECKPOINT = "checkpoint.safetensors";
  static final String WEIGHTS = "weights.safetensors";
  static final String CURVE = "curve.csv";

  private final TrainConfig config;
  private final Recipe recipe;
  private final TorchParameters parameters;
  private final FirstWeights first;
  private final TorchDevice device;
  private final List<PairDataset> sets;
  private final List<Validation.Named> validation;
  private final Path folder;
  private final RunMonitor monitor;

  TrainLoop(
      TrainConfig config,
      Recipe recipe,
      TorchParameters parameters,
      FirstWeights first,
      TorchDevice device,
      List<PairDataset> sets,
      List<Validation.Named> validation,
      Path folder,
      RunMonitor monitor) {
    this.config = config;
    this.recipe = recipe;
    this.parameters = parameters;
    this.first = first;
    this.device = device;
    this.sets = List.copyOf(sets);
    this.validation = List.copyOf(validation);
    this.folder = folder;
    this.monitor = monitor;
  }

  /**
   * @param from where to go on; null for a new run. The parameters were made from it.
   */
  void run(@Nullable Checkpoint from) throws IOException, EngineException, InterruptedException {
    int begin = from == null ? 0 : from.stage();
    try (CsvLog csv = new CsvLog(folder.resolve(CURVE), begin, from == null ? 0 : from.step());
        EventLog events = EventLog.open(folder, monitor.clock());
        Ema ema = new Ema(config.ema())) {
      long before = 0;
      for (int i = 0; i < recipe.stages().size(); i++) {
        if (i >= begin) {
          Checkpoint start = i == begin ? from : null;
          new StageRun(i, before, csv, events, ema).run(start);
        }
        before += recipe.stages().get(i).config().steps();
      }
    }
  }

  /** One stage with its optimiser. */
  private final class StageRun {

    private final int index;
    private final long before;
    private final Recipe.Step stage;
    private final CsvLog csv;
    private final EventLog events;
    private final Ema ema;

    StageRun(int index, long before, CsvLog csv, EventLog events, Ema ema) {
      this.index = index;
      this.before = before;
      this.stage = recipe.stages().get(index);
      this.csv = csv;
      this.events = events;
      this.ema = ema;
    }

    private List<BatchSampler.Source> sources() {
      List<BatchSampler.Source> sources = new ArrayList<>();
      for (int i = 0; i < sets.size(); i++) {
        sources.add(new BatchSampler.Source(sets.get(i), stage.config().weights().get(i)));
      }
      return sources;
    }

    @SuppressWarnings("try") // the scope is there to be closed
    void run(@Nullable Checkpoint from) throws IOException, InterruptedException, EngineException {
      long step = 0;
      if (from != null) {
        stage.stage().restore(from.stageState());
        step = from.step();
      }
      parameters.freeze(key -> !stage.stage().learns(key));
      Schedule schedule =
          new Schedule(
              config.optimiser().schedule(),
              stage.config().learningRate(),
              stage.config().warmUp(),
              stage.config().steps());
      BatchSampler sampler =
          new BatchSampler(config.seed() + index, stage.config().batch(), sources());
      Augmenter augmenter = new Augmenter(stage.config().augmentation());
      Optimiser optimiser = null;
      monitor.stage(stage.config().name(), before + step);
      try (BatchLoader loader = new BatchLoader(sampler, sets, augmenter, step)) {
        for (; step < stage.config().steps(); step++) {
          try (PointerScope scope = new PointerScope()) {
            Terms terms = stage.stage().loss(PairBatch.of(loader.next(), device), step);
            Tensor total = terms.total();
            if (optimiser == null) {
              // Parameters come into being when the network first asks for them.
              optimiser = config.optimiser().of(trainable());
              if (step > 0) {
                optimiser.restore(Objects.requireNonNull(from).moments(), step);
              }
            }
            ema.begin(parameters, from == null ? Map.of() : from.averages());
            optimiser.forgetGradients();
            total.backward();
            double rate = schedule.at(step);
            double norm = optimiser.step(rate);
            ema.update(parameters, step);
            double loss = total.item_float();
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
              throw new EngineException(
                  "stage %s, step %d: the loss is %s, the norm of its gradient %s; terms: %s"
                      .formatted(stage.config().name(), step, loss, norm, numbers(terms)));
            }
            monitor.step(before + step, loss);
            if (step % config.logEvery() == 0) {
              log(step, terms, loss, rate, norm);
            }
          }
          boolean last = step + 1 == stage.config().steps();
          if (last) {
            // The next stage goes on from what would be deployed now.
            ema.state().forEach(parameters::set);
          }
          if (last || (step + 1) % config.validateEvery() == 0) {
            validate(step);
          }
          if (last || (step + 1) % config.checkpointEvery() == 0) {
            checkpoint(step + 1, optimiser);
          }
        }
      } finally {
        if (optimiser != null) {
          optimiser.close();
        }
      }
    }

    private List<TorchParameters.Entry> trainable() {
      List<TorchParameters.Entry> trainable = parameters.trainable();
      if (trainable.isEmpty()) {
        throw new TrainException(
            "stages.%s.learns: no key of the network is matched as a whole by %s, such as %s are there"
                .formatted(
                    stage.config().name(), stage.config().learns(), parameters.all().get(0).key()));
      }
      return trainable;
    }

    private void log(long step, Terms terms, double loss, double rate, double norm)
        throws IOException {
      number(step, "loss", loss);
      for (Map.Entry<String, Double> term : numbers(terms).entrySet()) {
        number(step, term.getKey(), term.getValue());
      }
      number(step, "learning-rate", rate);
      number(step, "gradient-norm", norm);
    }

    private static Map<String, Double> numbers(Terms terms) {
      Map<String, Double> numbers = new LinkedHashMap<>();
      terms.values().forEach((name, term) -> numbers.put(name, (double) term.item_float()));
      return numbers;
    }

    private void number(long step, String name, double value) throws IOException {
      csv.add(index, step, name, value);
      events.scalar(before + step, stage.config().name() + "/" + name, value);
    }

    private void validate(long step) throws IOException {
      Recipe.Preview preview = stage.preview();
      if (preview == null || validation.isEmpty()) {
        return;
      }
      Validation result =
          Validation.run(
              preview,
              ema.state(),
              first,
              device,
              validation,
              config.validationPairs(),
              folder,
              before + step + 1);
      for (Map.Entry<String, Double> value : result.means().entrySet()) {
        number(step, "validation/" + value.getKey(), value.getValue());
      }
      monitor.validated(before + step + 1, result.means());
    }

    private void checkpoint(long next, Optimiser optimiser) throws IOException, EngineException {
      csv.flush();
      events.flush();
      boolean last = next == stage.config().steps();
      Map<String, float[]> averages = first.with(ema.state());
      requireFinite(averages);
      Map<String, List<Integer>> shapes = first.withShapes(parameters.shapes());
      int nextStage = last ? index + 1 : index;
      long nextStep = last ? 0 : next;
      // First, so that a checkpoint that says finished has its weights beside it.
      TorchParameters.save(folder.resolve(WEIGHTS), averages, shapes);
      new Checkpoint(
              LearntWith.until(config, nextStage, nextStep),
              nextStage,
              nextStep,
              last ? new double[0] : stage.stage().state(),
              shapes,
              first.with(parameters.state()),
              averages,
              last ? Map.of() : optimiser.state())
          .write(folder.resolve(CHECKPOINT));
    }

    /** Statistics of norms can break without a trace in the loss. */
    private void requireFinite(Map<String, float[]> averages) throws EngineException {
      for (Map.Entry<String, float[]> average : averages.entrySet()) {
        for (float value : average.getValue()) {
          if (!Float.isFinite(value)) {
            throw new EngineException(
                "stage %s: %s has become %s; nothing is saved"
                    .formatted(stage.config().name(), average.getKey(), value));
          }
        }
      }
    }
  }
}

package dev.nightfuse.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightfuse.engine.Availability;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.tensorrt.EngineFigures;
import dev.nightfuse.engine.tensorrt.TensorRtProvider;
import dev.nightfuse.engine.tensorrt.TensorRtTools;
import dev.nightfuse.frame.FrameClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The whole check of a GPU: can it work, is what it computes right, how fast is it alone and in the
 * program. Everything that is found goes into one report, also what went wrong.
 */
final class SelfTest {

  /** How it ended. */
  enum Ending {
    PASSED,
    FAILED,
    NOT_RUN
  }

  /**
   * What is tested.
   *
   * @param models makes the models
   * @param batches batch sizes
   * @param seconds length of each measurement
   */
  record Plan(SelfTestModels models, List<Integer> batches, double seconds) {}

  private final Plan plan;
  private final EngineProvider provider;
  private final TensorRtTools tools;
  private final TorchComparison torch;
  private final FrameClock clock;
  private final PrintWriter out;
  private final Map<String, Object> report = new LinkedHashMap<>();
  private Ending ending = Ending.PASSED;

  SelfTest(
      Plan plan,
      EngineProvider provider,
      TensorRtTools tools,
      TorchComparison torch,
      FrameClock clock,
      PrintWriter out) {
    this.torch = torch;
    this.plan = plan;
    this.provider = provider;
    this.tools = tools;
    this.clock = clock;
    this.out = out;
  }

  Map<String, Object> report() {
    return Collections.unmodifiableMap(report);
  }

  Ending run() throws InterruptedException, IOException {
    report.put("format", "nightfuse selftest 1");
    report.put("version", Version.text());
    report.put("build", System.getProperty("nightfuse.build", "unknown"));
    report.put("machine", BenchCommand.machine());
    report.put("system", System.getProperty("os.version") + " " + System.getProperty("os.arch"));
    Availability probe = provider.probe();
    say("%s: %s", provider.name(), probe.detail());
    report.put("probe", Map.of("available", probe.available(), "detail", probe.detail()));
    if (!probe.available()) {
      return end(Ending.NOT_RUN, probe.detail());
    }
    try {
      report.put("gpu", tools.machine());
    } catch (EngineException e) {
      return end(Ending.NOT_RUN, String.valueOf(e.getMessage()));
    }
    List<Object> models = new ArrayList<>();
    report.put("models", models);
    for (SelfTestModels.Wanted wanted : plan.models().wanted()) {
      models.add(test(wanted));
    }
    return end(ending, ending == Ending.PASSED ? "all models passed" : "see models");
  }

  private Map<String, Object> test(SelfTestModels.Wanted wanted) throws InterruptedException {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("model", wanted.label());
    try {
      say("%s: preparing", wanted.label());
      ModelFile model = plan.models().make(wanted);
      entry.put("name", model.manifest().name());
      entry.put("precision", model.manifest().precision());
      entry.put("weights", model.manifest().training());
      entry.put("multiply_adds", model.manifest().multiplyAdds());
      EngineOptions options =
          new EngineOptions(
              model.manifest().widthPx(),
              model.manifest().heightPx(),
              Collections.max(plan.batches()),
              1);
      TensorRtTools.Outcome outcome;
      try (EngineProgress progress = new EngineProgress(wanted.label())) {
        outcome = tools.run(model, options, plan.batches(), plan.seconds(), progress);
      }
      add(entry, wanted.label(), outcome);
      if (outcome.check().passed()) {
        entry.put("shared_by_rigs", sharedByRigs(model, options, outcome));
        entry.put("whole_program", wholeProgram(model));
      }
      entry.put("pytorch", pytorch(model, outcome));
      if (!outcome.check().passed()) {
        ending = Ending.FAILED;
      }
    } catch (EngineException | IOException | RuntimeException e) {
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      entry.put("error", reason);
      say("%s: %s", wanted.label(), reason);
      ending = Ending.FAILED;
    }
    return entry;
  }

  private void add(Map<String, Object> entry, String label, TensorRtTools.Outcome outcome) {
    entry.put(
        "plan",
        Map.of(
            "file", outcome.plan().file(),
            "bytes", outcome.plan().sizeBytes(),
            "build_seconds", outcome.plan().buildSeconds()));
    Map<String, Object> check = new LinkedHashMap<>();
    check.put("passed", outcome.check().passed());
    check.put("fused_psnr_db", finite(outcome.check().fusedPsnrDb()));
    check.put("labels_equal", outcome.check().labelsEqual());
    check.put("limit_fused_psnr_db", outcome.check().limits().fusedPsnrDb());
    check.put("limit_labels_equal", outcome.check().limits().labelsEqual());
    entry.put("against_fp32", check);
    List<Object> engine = new ArrayList<>();
    entry.put("engine", engine);
    say("%s: plan in %d s; %s", label, outcome.plan().buildSeconds(), outcome.check());
    for (EngineFigures f : outcome.figures()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("batch", f.batch());
      row.put("frames_per_second", f.framesPerSecond());
      row.put("gpu_ms_per_frame", f.gpuMsPerFrame());
      row.put("call_ms_per_frame", f.callMsPerFrame());
      row.put("tflops", f.tflops());
      row.put("share_of_peak", f.shareOfPeak());
      engine.add(row);
      say(
          "  batch %d: %.1f frames/s, GPU %.3f ms/frame, %.2f TFLOPS, %.1f %% of peak",
          f.batch(), f.framesPerSecond(), f.gpuMsPerFrame(), f.tflops(), 100 * f.shareOfPeak());
    }
  }

  /** As many rigs as a batch holds, against the engine alone at that batch. */
  private List<Object> sharedByRigs(
      ModelFile model, EngineOptions options, TensorRtTools.Outcome outcome)
      throws EngineException, InterruptedException {
    List<Object> rows = new ArrayList<>();
    // One plan serves all: it was built for the largest batch.
    FusionLoad load =
        new FusionLoad((width, height, batch) -> provider.open(model, options), clock);
    for (EngineFigures alone : outcome.figures()) {
      double found =
          load.framesPerSecond(
              alone.batch(), options.widthPx(), options.heightPx(), plan.seconds());
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("rigs", alone.batch());
      row.put("frames_per_second", found);
      row.put("over_engine_only", found / alone.framesPerSecond());
      rows.add(row);
      say(
          "  %d rigs: %.1f frames/s, %.2f of the engine alone",
          alone.batch(), found, found / alone.framesPerSecond());
    }
    return rows;
  }

  /**
   * {@code nightfuse bench}, as a user types it: simulated cameras, drawing and encoding around.
   */
  private Map<String, Object> wholeProgram(ModelFile model) throws IOException {
    try {
      Nightfuse.gstreamer();
    } catch (UserErrorException e) {
      return Map.of("error", "not measured: " + e.getMessage());
    }
    Path json = Files.createTempFile("nightfuse-bench-", ".json");
    try {
      String place = String.valueOf(model.onnx().getParent());
      int exit =
          NightfuseMain.run(
              "bench",
              "--backend",
              TensorRtProvider.NAME,
              "--model",
              place,
              "--seconds",
              Long.toString(Math.max(5, Math.round(plan.seconds()))),
              "--json",
              json.toString());
      return exit == ExitCode.OK
          ? new ObjectMapper().readValue(json.toFile(), new TypeReference<>() {})
          : Map.of("error", "nightfuse bench ended with code " + exit);
    } finally {
      Files.deleteIfExists(json);
    }
  }

  /** The same graph in PyTorch, in the same run on the same card. */
  private Map<String, Object> pytorch(ModelFile model, TensorRtTools.Outcome outcome)
      throws IOException, InterruptedException {
    Path folder = Path.of(String.valueOf(model.onnx().toAbsolutePath().getParent()));
    Map<String, Object> found =
        new LinkedHashMap<>(torch.run(folder, plan.batches(), plan.seconds()));
    if (found.get("rows") instanceof List<?> rows) {
      for (EngineFigures ours : outcome.figures()) {
        double best = TorchComparison.best(rows, ours.batch());
        say(
            "  PyTorch, batch %d: %s",
            ours.batch(),
            best > 0
                ? String.format(
                    Locale.ROOT,
                    "%.1f frames/s at best, TensorRT is %.2f times as fast",
                    best,
                    ours.framesPerSecond() / best)
                : "nothing ran");
      }
    } else {
      say("  not compared with PyTorch: %s", String.valueOf(found.get("error")));
    }
    return found;
  }

  private Ending end(Ending how, String reason) {
    report.put("ending", how.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    report.put("reason", reason);
    return how;
  }

  /** JSON knows no infinity. */
  private static double finite(double decibels) {
    return Math.min(decibels, 100);
  }

  private void say(String format, Object... values) {
    out.printf(format + "%n", values);
    out.flush();
  }
}

package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.ModelFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What can be done with plans and engines besides running them. Safe for every thread. */
public final class TensorRtTools {

  private final TensorRtProvider provider;

  public TensorRtTools(TensorRtProvider provider) {
    this.provider = provider;
  }

  /**
   * A plan in the cache.
   *
   * @param file name of its file
   * @param facts what it was built for, by name
   * @param sizeBytes size of the plan
   * @param buildSeconds how long it took to build
   */
  public record Plan(String file, Map<String, String> facts, long sizeBytes, long buildSeconds) {
    static Plan of(PlanFile plan) {
      return new Plan(
          String.valueOf(plan.file().getFileName()),
          plan.key().facts(),
          plan.planBytes(),
          plan.buildSeconds());
    }
  }

  /**
   * What an engine of a model gave.
   *
   * @param plan the plan that it runs
   * @param check its outputs against the FP32 reference
   * @param figures speed at each batch size asked for
   */
  public record Outcome(Plan plan, EngineCheck check, List<EngineFigures> figures) {
    public Outcome {
      figures = List.copyOf(figures);
    }
  }

  /**
   * The machine, in figures.
   *
   * @throws EngineException with the reason when TensorRT cannot work here
   */
  public Map<String, Object> machine() throws EngineException {
    TensorRtProbe.Here here = provider.look();
    GpuDevice gpu = here.gpu();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("gpu", gpu.name());
    facts.put("compute_capability", gpu.computeMajor() + "." + gpu.computeMinor());
    facts.put("multiprocessors", gpu.multiprocessors());
    facts.put("clock_mhz", gpu.clockKhz() / 1000);
    facts.put("memory_mib", gpu.memoryBytes() >> 20);
    facts.put("integrated", gpu.integrated());
    facts.put("peak_fp16_tflops", gpu.peakHalfTflops());
    facts.put("driver_cuda", gpu.driverCuda());
    facts.put("tensorrt", here.version());
    facts.put("tensorrt_library", here.files().runtime().toString());
    facts.put("builds_plans", here.whyNoBuilder().isEmpty() ? "yes" : here.whyNoBuilder());
    return facts;
  }

  /** All plans in the cache. */
  public List<Plan> plans() {
    return provider.plans().cache().list().stream().map(Plan::of).toList();
  }

  /**
   * Removes plans that this machine cannot use now, or all; gives the names of the removed files.
   *
   * @throws EngineException when only unusable ones are to go and there is no GPU to tell by
   */
  public List<String> clean(boolean all) throws EngineException, IOException {
    if (all) {
      return provider.plans().cache().clean(plan -> true);
    }
    TensorRtProbe.Here here = provider.look();
    Map<String, String> now =
        Map.of(
            "gpu",
            here.gpu().kind(),
            "tensorrt",
            here.version(),
            "driver_cuda",
            Integer.toString(here.gpu().driverCuda()));
    return provider
        .plans()
        .cache()
        .clean(
            plan ->
                now.entrySet().stream()
                    .anyMatch(fact -> !plan.key().fact(fact.getKey()).equals(fact.getValue())));
  }

  /**
   * Builds the plan of a model unless it is there, loads it, compares it with the reference, and
   * measures it at the given batch sizes.
   *
   * @param seconds length of each measurement
   * @throws EngineException when no engine comes of it; a comparison beyond limits is an outcome
   */
  public Outcome run(
      ModelFile model,
      EngineOptions options,
      List<Integer> batches,
      double seconds,
      BuildListener listener)
      throws EngineException {
    OpenPlan opening = provider.opening(model, options);
    PlanFile plan = opening.plan(listener);
    try (TensorRtEngine engine = opening.open(listener)) {
      EngineCheck check = provider.gate().measure(model, engine);
      EngineMeter meter =
          new EngineMeter(
              engine, opening.here().gpu(), model.manifest().multiplyAdds(), provider.clockNs());
      List<EngineFigures> figures = new ArrayList<>();
      for (int batch : batches) {
        figures.add(meter.measure(batch, seconds));
      }
      return new Outcome(Plan.of(plan), check, figures);
    }
  }
}

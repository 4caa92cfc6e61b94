package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.Availability;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelPlanes;
import dev.nightfuse.engine.model.NumericGate;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TensorRT on an NVIDIA GPU. Opening a model for the first time on a machine builds its plan, which
 * takes minutes; an interrupt ends that. Every engine passes the numeric gate before it is given
 * out.
 */
public final class TensorRtProvider implements EngineProvider {

  public static final String NAME = "tensorrt";

  private static final Logger LOG = LoggerFactory.getLogger(TensorRtProvider.class);

  private final TensorRtProbe probe;
  private final Plans plans;
  private final NumericGate gate;
  private final LongSupplier clockNs;

  /**
   * @param cacheDirectory folder for plans and the Java glue
   * @param environment where {@code NIGHTFUSE_TENSORRT_DIR} is read from
   * @param reference gives the FP32 outputs of models that bring none; null refuses those
   * @param clockNs monotonic nanoseconds
   */
  public TensorRtProvider(
      Path cacheDirectory,
      Map<String, String> environment,
      @Nullable EngineProvider reference,
      LongSupplier clockNs) {
    this(
        new TensorRtProbe(
            new CudaDriver(),
            LibrarySearch.ofThisMachine(environment),
            new NvLoader(cacheDirectory.resolve("natives"))),
        new Plans(
            new PlanCache(cacheDirectory),
            new ChildPlanMaker(cacheDirectory.resolve("natives")),
            clockNs),
        new NumericGate(reference),
        clockNs);
  }

  /** With other seams, for tests. */
  TensorRtProvider(TensorRtProbe probe, Plans plans, NumericGate gate, LongSupplier clockNs) {
    this.probe = probe;
    this.plans = plans;
    this.gate = gate;
    this.clockNs = clockNs;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability probe() {
    try {
      TensorRtProbe.Here here = probe.look();
      int built = plans.cache().list().size();
      return Availability.yes(
          here.whyNoBuilder().isEmpty()
              ? "%s; %s; another model or size is built when it first runs, for minutes"
                  .formatted(here, built == 1 ? "1 plan is built" : built + " plans are built")
              : here.toString());
    } catch (GpuException e) {
      return Availability.no(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public boolean prepared(ModelFile model, EngineOptions options) {
    try {
      return !opening(model, options).wouldBuild();
    } catch (EngineException e) {
      // Opening says so too, at once.
      return true;
    }
  }

  @Override
  public FusionEngine open(ModelFile model, EngineOptions options) throws EngineException {
    OpenPlan opening = opening(model, options);
    FusionEngine engine = opening.open(new ProgressLog(model.manifest().name(), clockNs));
    try {
      FusionEngine admitted = gate.admit(model, engine);
      LOG.debug("opened {}", engine.spec());
      return admitted;
    } catch (EngineException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /** A model on its way to an engine. */
  OpenPlan opening(ModelFile model, EngineOptions options) throws EngineException {
    // What the user asked for comes first: a wrong option is wrong on every machine.
    ModelPlanes planes = ModelPlanes.of(model.manifest(), options);
    if (model.manifest().precision().equals("int8")) {
      throw new EngineException(
          "model %s is INT8 as processors compute it; TensorRT takes fp32 and fp16 models"
              .formatted(model.manifest().name()));
    }
    return new OpenPlan(look(), probe.loader(), plans, model, options, planes);
  }

  TensorRtProbe.Here look() throws EngineException {
    try {
      return probe.look();
    } catch (GpuException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  Plans plans() {
    return plans;
  }

  NumericGate gate() {
    return gate;
  }

  LongSupplier clockNs() {
    return clockNs;
  }
}

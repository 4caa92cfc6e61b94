package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.ModelPlanes;
import dev.nightfuse.engine.Plane;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from a model to an engine that computes: plan from the cache or built, loaded, compared
 * with the model file contract, prepared. A plan that does not load is built again, once.
 */
final class OpenPlan {

  private static final Logger LOG = LoggerFactory.getLogger(OpenPlan.class);

  private final TensorRtProbe.Here here;
  private final TensorRtLoader loader;
  private final Plans plans;
  private final ModelFile model;
  private final EngineOptions options;
  private final PlanShape shape;
  private final PlanKey key;

  OpenPlan(
      TensorRtProbe.Here here,
      TensorRtLoader loader,
      Plans plans,
      ModelFile model,
      EngineOptions options,
      ModelPlanes planes) {
    this.here = here;
    this.loader = loader;
    this.plans = plans;
    this.model = model;
    this.options = options;
    this.shape = new PlanShape(planes, options.maxBatch());
    this.key = PlanKey.of(model.manifest(), shape, here.gpu(), here.version());
  }

  TensorRtProbe.Here here() {
    return here;
  }

  /** Whether there is no plan yet or a damaged one, and one can be built. */
  boolean wouldBuild() {
    PlanFile plan = plans.cache().find(key).plan();
    return here.whyNoBuilder().isEmpty() && (plan == null || !plan.intact());
  }

  /** The plan, built if need be. */
  PlanFile plan(BuildListener listener) throws EngineException {
    PlanRequest request =
        new PlanRequest(
            model.manifest().name(),
            model.onnx(),
            shape,
            here.files(),
            here.gpu(),
            plans.cache().timingFile(here.gpu(), here.version()));
    return plans.get(key, request, here, listener);
  }

  /** Not yet compared with any reference. */
  TensorRtEngine open(BuildListener listener) throws EngineException {
    TensorRtRuntime runtime = null;
    PlanRunner runner = null;
    try {
      boolean known = plans.cache().find(key).plan() != null;
      // Before anything is opened: the process that builds needs the memory.
      PlanFile plan = plan(listener);
      runtime = loader.open(here.gpu(), here.files());
      runner = load(runtime, plan, known, listener);
      PlanShape fitting = fitting(runner.tensors());
      runner.prepare(fitting);
      return new TensorRtEngine(runtime, runner, fitting, spec());
    } catch (GpuException e) {
      close(runtime, runner, e.contextLost());
      throw new EngineException(
          "model %s on TensorRT: %s".formatted(model.manifest().name(), e.getMessage()), e);
    } catch (EngineException | RuntimeException e) {
      close(runtime, runner, false);
      throw e;
    }
  }

  private PlanRunner load(
      TensorRtRuntime runtime, PlanFile plan, boolean known, BuildListener listener)
      throws EngineException, GpuException {
    try {
      return runtime.load(plan.plan());
    } catch (IOException | GpuException e) {
      if (e instanceof GpuException gpu && (gpu.contextLost() || gpu.memoryShort())) {
        // Nothing is wrong with the plan: building another takes minutes and changes nothing.
        throw gpu;
      }
      if (!known) {
        throw new EngineException(
            "the plan just built cannot be used: %s %s".formatted(plan.file(), e.getMessage()), e);
      }
      LOG.warn("the plan {} cannot be used and is built again: {}", plan.file(), e.getMessage());
    }
    try {
      plans.cache().discard(key);
      return runtime.load(plan(listener).plan());
    } catch (IOException e) {
      throw new EngineException("the plan cache cannot be used: " + e.getMessage(), e);
    }
  }

  /** The plan's tensors must be the contract's; a fixed batch of 1 runs pairs one by one. */
  private PlanShape fitting(List<PlanTensor> tensors) throws EngineException {
    ModelManifest manifest = model.manifest();
    Set<String> promised =
        shape.all().stream().map(Plane::name).collect(Collectors.toCollection(TreeSet::new));
    Set<String> found =
        tensors.stream().map(PlanTensor::name).collect(Collectors.toCollection(TreeSet::new));
    if (!found.equals(promised)) {
      throw new EngineException(
          "model %s must have inputs and outputs %s, its plan has %s"
              .formatted(manifest.name(), promised, found));
    }
    boolean dynamic = true;
    for (Plane plane : shape.all()) {
      for (PlanTensor tensor : tensors) {
        if (tensor.name().equals(plane.name())) {
          check(tensor, plane);
          dynamic &= tensor.shape()[0] != 1;
        }
      }
    }
    return dynamic ? shape : new PlanShape(shape.planes(), 1);
  }

  private void check(PlanTensor tensor, Plane plane) throws EngineException {
    long[] found = tensor.shape();
    boolean fits =
        tensor.type().equals("UINT8")
            && tensor.input() == shape.planes().inputs().contains(plane)
            && found.length == 4
            && (found[0] == 1 || found[0] == -1)
            && found[1] == 1
            && (found[2] == plane.heightPx() || found[2] == -1)
            && (found[3] == plane.widthPx() || found[3] == -1);
    if (!fits) {
      throw new EngineException(
          "model %s: %s must be UINT8 [1 or batch, 1, %d, %d], the plan has %s %s"
              .formatted(
                  model.manifest().name(),
                  plane.name(),
                  plane.heightPx(),
                  plane.widthPx(),
                  tensor.type(),
                  Arrays.toString(found)));
    }
  }

  private EngineSpec spec() {
    ModelManifest manifest = model.manifest();
    Plane labels = shape.planes().labels();
    return new EngineSpec(
        "%s %s (%s, %s)"
            .formatted(
                TensorRtProvider.NAME, here.version(), here.gpu().name(), manifest.precision()),
        manifest.name(),
        options.widthPx(),
        options.heightPx(),
        options.maxBatch(),
        labels == null ? 0 : labels.widthPx(),
        labels == null ? 0 : labels.heightPx(),
        manifest.classes());
  }

  private static void close(
      @Nullable TensorRtRuntime runtime, @Nullable PlanRunner runner, boolean contextLost) {
    if (runner != null) {
      runner.close();
    }
    if (runtime != null) {
      if (contextLost) {
        runtime.reset();
      }
      runtime.close();
    }
  }
}

package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.Plane;
import dev.nightfuse.engine.model.NumericGate;
import dev.nightfuse.engine.ort.OrtProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A GPU that is none: driver, loader, builder and runtime behind the seams. A "plan" names the
 * model folder, and ONNX Runtime computes. It can be told to do wrong.
 */
final class FakeTensorRt implements TensorRtLoader, PlanMaker {

  static final GpuDevice GPU =
      new GpuDevice(0, "Fake GPU", 8, 7, 12060, 1L << 33, true, 16, 1_300_000);

  final Path folder;
  final AtomicLong clockNs = new AtomicLong();
  final AtomicInteger builds = new AtomicInteger();
  final AtomicInteger resets = new AtomicInteger();
  final AtomicInteger openRuntimes = new AtomicInteger();
  final AtomicInteger openRunners = new AtomicInteger();
  final Deque<GpuException> loadFailures = new ArrayDeque<>();
  final Deque<GpuException> launchFailures = new ArrayDeque<>();
  final Deque<GpuException> awaitFailures = new ArrayDeque<>();
  List<String> builderResources = List.of("libnvinfer_builder_resource.so.10.6.0");
  GpuDevice gpu = GPU;
  String version = "10.6.0";
  int errorLevels;
  boolean fixedBatch;
  String type = "UINT8";
  @Nullable EngineException buildFailure;
  int refusedLoads;

  FakeTensorRt(Path folder) {
    this.folder = folder;
  }

  TensorRtProvider provider() {
    return new TensorRtProvider(
        new TensorRtProbe(() -> List.of(gpu), search(), this),
        plans(),
        new NumericGate(new OrtProvider()),
        () -> clockNs.addAndGet(1_000));
  }

  Plans plans() {
    return new Plans(new PlanCache(folder.resolve("plans")), this, clockNs::get);
  }

  /** A tree with the libraries that the probe looks for. */
  private LibrarySearch search() {
    Path lib = folder.resolve("root/usr/lib/aarch64-linux-gnu");
    try {
      Files.createDirectories(lib);
      for (String name : List.of("libnvinfer.so.10", "libnvonnxparser.so.10")) {
        Files.writeString(lib.resolve(name), "not a library");
      }
      for (String name : builderResources) {
        Files.writeString(lib.resolve(name), "not a library");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new LibrarySearch(folder.resolve("root"), "aarch64", "");
  }

  @Override
  public String version(TensorRtFiles files) {
    return version;
  }

  @Override
  public void make(PlanRequest request, Path target, BuildListener listener)
      throws EngineException {
    builds.incrementAndGet();
    clockNs.addAndGet(90_000_000_000L);
    listener.progress(0.5, "timing");
    if (buildFailure != null) {
      throw buildFailure;
    }
    try {
      Files.writeString(target, "FAKE " + request.onnx().getParent());
    } catch (IOException e) {
      throw new EngineException("cannot write", e);
    }
  }

  @Override
  public TensorRtRuntime open(GpuDevice device, TensorRtFiles files) {
    openRuntimes.incrementAndGet();
    return new TensorRtRuntime() {
      @Override
      public GpuDevice gpu() {
        return device;
      }

      @Override
      public String version() {
        return version;
      }

      @Override
      public PlanRunner load(ByteBuffer plan) throws GpuException {
        byte[] bytes = new byte[plan.capacity()];
        plan.get(0, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!loadFailures.isEmpty()) {
          throw loadFailures.remove();
        }
        if (refusedLoads > 0 || !text.startsWith("FAKE ")) {
          refusedLoads--;
          throw new GpuException("magic tag does not match");
        }
        openRunners.incrementAndGet();
        try {
          return new Runner(ModelFile.read(Path.of(text.substring(5))));
        } catch (EngineException e) {
          throw new GpuException(e.getMessage());
        }
      }

      @Override
      public void reset() {
        resets.incrementAndGet();
      }

      @Override
      public void close() {
        openRuntimes.decrementAndGet();
      }
    };
  }

  /** Computes when it is waited for, as late as a GPU may. */
  private final class Runner implements PlanRunner {
    private final ModelFile model;
    private final List<Map<String, ByteBuffer>> slots = new ArrayList<>();
    private final int[] launched = new int[SLOTS];
    private PlanShape shape;
    private FusionEngine engine;

    Runner(ModelFile model) {
      this.model = model;
    }

    @Override
    public List<PlanTensor> tensors() {
      List<PlanTensor> tensors = new ArrayList<>();
      try {
        EngineOptions size =
            new EngineOptions(model.manifest().widthPx(), model.manifest().heightPx(), 1, 1);
        var planes = dev.nightfuse.engine.ModelPlanes.of(model.manifest(), size);
        for (Plane plane : new PlanShape(planes, 1).all()) {
          tensors.add(
              new PlanTensor(
                  plane.name(),
                  planes.inputs().contains(plane),
                  type,
                  new long[] {fixedBatch ? 1 : -1, 1, plane.heightPx(), plane.widthPx()}));
        }
      } catch (EngineException e) {
        throw new AssertionError(e);
      }
      return tensors;
    }

    @Override
    public void prepare(PlanShape wanted) throws GpuException {
      shape = wanted;
      Plane fused = wanted.planes().outputs().get(0);
      try {
        engine =
            new OrtProvider()
                .open(
                    model,
                    new EngineOptions(fused.widthPx(), fused.heightPx(), wanted.maxBatch(), 1));
      } catch (EngineException e) {
        throw new GpuException(e.getMessage());
      }
      for (int i = 0; i < SLOTS; i++) {
        Map<String, ByteBuffer> slot = new HashMap<>();
        for (Plane plane : wanted.all()) {
          slot.put(plane.name(), ByteBuffer.allocateDirect(plane.sizeBytes() * wanted.maxBatch()));
        }
        slots.add(slot);
      }
    }

    @Override
    public ByteBuffer host(int slot, String tensor) {
      return slots.get(slot).get(tensor);
    }

    @Override
    public void launch(int slot, int batch) throws GpuException {
      if (!launchFailures.isEmpty()) {
        throw launchFailures.remove();
      }
      if (launched[slot] != 0) {
        throw new AssertionError("slot " + slot + " is under way");
      }
      launched[slot] = batch;
    }

    @Override
    public void await(int slot) throws GpuException {
      if (!awaitFailures.isEmpty()) {
        throw awaitFailures.remove();
      }
      int n = launched[slot];
      launched[slot] = 0;
      FusionBatch batch = new FusionBatch(n);
      for (int i = 0; i < n; i++) {
        batch.add(
            part(slot, "visible_y", i),
            part(slot, "visible_u", i),
            part(slot, "visible_v", i),
            part(slot, "infrared", i),
            part(slot, "fused_y", i),
            shape.planes().labels() == null ? null : part(slot, "labels", i));
      }
      try {
        engine.fuse(batch);
      } catch (EngineException e) {
        throw new GpuException(e.getMessage());
      }
      for (int i = 0; errorLevels > 0 && i < n; i++) {
        ByteBuffer fused = part(slot, "fused_y", i);
        for (int p = 0; p < fused.capacity(); p++) {
          fused.put(p, (byte) ((fused.get(p) & 0xff) ^ errorLevels));
        }
      }
    }

    private ByteBuffer part(int slot, String name, int index) {
      ByteBuffer all = slots.get(slot).get(name);
      if (all == null) {
        return ByteBuffer.allocateDirect(1);
      }
      int size = all.capacity() / shape.maxBatch();
      return all.slice(index * size, size);
    }

    @Override
    public double gpuMs(int slot) {
      return 2.5;
    }

    @Override
    public void close() {
      openRunners.decrementAndGet();
      if (engine != null) {
        engine.close();
      }
    }
  }
}

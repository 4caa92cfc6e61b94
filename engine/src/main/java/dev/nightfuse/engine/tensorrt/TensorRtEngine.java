package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.Plane;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A prepared plan behind the engine port. Pairs are copied into the memory of a slot and out of it;
 * up to two batches are under way, so that the GPU computes one while the other is copied.
 */
final class TensorRtEngine implements FusionEngine {

  private final TensorRtRuntime runtime;
  private final PlanRunner runner;
  private final PlanShape shape;
  private final EngineSpec spec;

  /** Arrays: walking them makes no garbage. */
  private final Plane[] inputs;

  private final Plane[] outputs;

  /** Batches under way by slot; null where none is. */
  private final @Nullable FusionBatch[] underWay = new FusionBatch[PlanRunner.SLOTS];

  /** Whether the slot's batch was computed when it was begun. */
  private final boolean[] early = new boolean[PlanRunner.SLOTS];

  private int oldest;
  private int begun;
  private double gpuMs;
  private boolean lost;
  private volatile boolean interrupted;
  private boolean closed;

  /**
   * @param runtime closed with this engine
   * @param runner prepared for the shape; closed with this engine
   */
  TensorRtEngine(TensorRtRuntime runtime, PlanRunner runner, PlanShape shape, EngineSpec spec) {
    this.runtime = runtime;
    this.runner = runner;
    this.shape = shape;
    this.spec = spec;
    this.inputs = shape.planes().inputs().toArray(Plane[]::new);
    this.outputs = shape.planes().outputs().toArray(Plane[]::new);
  }

  @Override
  public EngineSpec spec() {
    return spec;
  }

  @Override
  public int depth() {
    return PlanRunner.SLOTS;
  }

  /** GPU time of the batch finished last. */
  double gpuMs() {
    return gpuMs;
  }

  @Override
  public void fuse(FusionBatch batch) throws EngineException {
    requireOpen();
    if (begun > 0) {
      throw new IllegalStateException("a batch is under way");
    }
    if (batch.size() > 0) {
      begin(batch);
      finish();
    }
  }

  @Override
  public void begin(FusionBatch batch) throws EngineException {
    requireOpen();
    int pairs = batch.size();
    if (pairs < 1 || pairs > spec.maxBatch()) {
      throw new IllegalArgumentException(
          "batch of %d pairs, engine was opened for 1 to %d".formatted(pairs, spec.maxBatch()));
    }
    if (begun == PlanRunner.SLOTS) {
      throw new IllegalStateException(begun + " batches are under way already");
    }
    if (interrupted) {
      throw new EngineException("inference of model %s was ended".formatted(spec.model()));
    }
    check(batch);
    int slot = (oldest + begun) % PlanRunner.SLOTS;
    early[slot] = pairs > shape.maxBatch();
    try {
      if (early[slot]) {
        // A graph for one pair at a time.
        for (int i = 0; i < pairs; i++) {
          copyIn(slot, batch, i, 1);
          runner.launch(slot, 1);
          runner.await(slot);
          copyOut(slot, batch, i, 1);
        }
      } else {
        copyIn(slot, batch, 0, pairs);
        runner.launch(slot, pairs);
      }
    } catch (GpuException e) {
      throw failed(e);
    }
    underWay[slot] = batch;
    begun++;
  }

  @Override
  public void finish() throws EngineException {
    requireOpen();
    int slot = oldest;
    FusionBatch batch = underWay[slot];
    if (batch == null) {
      throw new IllegalStateException("no batch is under way");
    }
    underWay[slot] = null;
    oldest = (oldest + 1) % PlanRunner.SLOTS;
    begun--;
    try {
      if (!early[slot]) {
        runner.await(slot);
        copyOut(slot, batch, 0, batch.size());
      }
      gpuMs = runner.gpuMs(slot);
    } catch (GpuException e) {
      throw failed(e);
    }
  }

  /** Planes were checked, and the slot has room for {@code pairs}: every copy is within both. */
  private void copyIn(int slot, FusionBatch batch, int first, int pairs) {
    for (int p = 0; p < inputs.length; p++) {
      Plane plane = inputs[p];
      ByteBuffer host = runner.host(slot, plane.name());
      for (int i = 0; i < pairs; i++) {
        ByteBuffer from = batch.slot(first + i).plane(plane.name());
        if (from != null) {
          host.put(i * plane.sizeBytes(), from, 0, plane.sizeBytes());
        }
      }
    }
  }

  /** As {@link #copyIn}; labels that nobody wants stay in the slot. */
  private void copyOut(int slot, FusionBatch batch, int first, int pairs) {
    for (int p = 0; p < outputs.length; p++) {
      Plane plane = outputs[p];
      ByteBuffer host = runner.host(slot, plane.name());
      for (int i = 0; i < pairs; i++) {
        ByteBuffer to = batch.slot(first + i).plane(plane.name());
        if (to != null) {
          to.put(0, host, i * plane.sizeBytes(), plane.sizeBytes());
        }
      }
    }
  }

  /** What is on the GPU already ends by itself, within milliseconds. */
  @Override
  public void interrupt() {
    interrupted = true;
  }

  /** All before anything is touched, so that a wrong plane leaves nothing half done. */
  private void check(FusionBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      FusionBatch.Slot pair = batch.slot(i);
      check(inputs, pair);
      check(outputs, pair);
    }
  }

  private static void check(Plane[] planes, FusionBatch.Slot pair) {
    for (Plane plane : planes) {
      ByteBuffer buffer = pair.plane(plane.name());
      if (buffer != null) {
        plane.check(buffer);
      }
    }
  }

  /** Whatever was under way is lost with it. */
  private EngineException failed(GpuException cause) {
    lost |= cause.contextLost();
    for (int slot = 0; slot < underWay.length; slot++) {
      underWay[slot] = null;
    }
    begun = 0;
    return new EngineException(
        "inference of model %s on %s failed: %s"
            .formatted(spec.model(), spec.backend(), cause.getMessage()),
        cause);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("engine " + spec.model() + " is closed");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    runner.close();
    if (lost) {
      runtime.reset();
    }
    runtime.close();
  }
}

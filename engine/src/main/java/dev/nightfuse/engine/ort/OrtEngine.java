package dev.nightfuse.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.Plane;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session with its tensors; everything it needs per call is made when it opens. */
final class OrtEngine implements FusionEngine {

  private static final Logger LOG = LoggerFactory.getLogger(OrtEngine.class);

  private final OrtSession session;

  /**
   * The same model without labels, for pairs that nobody wants them of; null where there is none.
   */
  private final @Nullable OrtSession fusedOnly;

  private final EngineSpec spec;
  private final boolean batches;
  private final Map<String, PlaneTensors> planes = new LinkedHashMap<>();
  private final Map<String, Slab> slabs = new LinkedHashMap<>();
  private final GraphPorts ports;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final Map<String, OnnxTensor> fusedOutput = new HashMap<>();

  /** Ends a run from outside; guarded by itself, because that may come while the engine closes. */
  private final OrtSession.RunOptions stop;

  private boolean stopReleased;

  /** Where labels go that the caller does not want; null when the model does not segment. */
  private final @Nullable ByteBuffer unwantedLabels;

  private boolean closed;

  OrtEngine(
      OrtEnvironment environment,
      OrtSession session,
      @Nullable OrtSession fusedOnly,
      GraphPorts ports,
      ModelManifest manifest,
      EngineOptions options)
      throws OrtException {
    this.session = session;
    this.fusedOnly = fusedOnly;
    this.ports = ports;
    this.batches = ports.dynamicBatch() && options.maxBatch() > 1;
    ByteBuffer labels = null;
    int labelWidthPx = 0;
    int labelHeightPx = 0;
    for (Plane port : ports.outputs()) {
      if (port.name().equals(ModelManifest.LABELS)) {
        labels = ByteBuffer.allocateDirect(port.sizeBytes());
        labelWidthPx = port.widthPx();
        labelHeightPx = port.heightPx();
      }
      prepare(environment, port, options.maxBatch());
    }
    for (Plane port : ports.inputs()) {
      prepare(environment, port, options.maxBatch());
    }
    this.unwantedLabels = labels;
    this.stop = new OrtSession.RunOptions();
    this.spec =
        new EngineSpec(
            OrtProvider.NAME + " (cpu)",
            manifest.name(),
            options.widthPx(),
            options.heightPx(),
            options.maxBatch(),
            labelWidthPx,
            labelHeightPx,
            manifest.classes());
  }

  private void prepare(OrtEnvironment environment, Plane port, int maxBatch) throws OrtException {
    planes.put(port.name(), new PlaneTensors(environment, port));
    if (batches) {
      slabs.put(port.name(), new Slab(environment, port, maxBatch));
    }
  }

  @Override
  public EngineSpec spec() {
    return spec;
  }

  @Override
  public void fuse(FusionBatch batch) throws EngineException {
    if (closed) {
      throw new IllegalStateException("engine " + spec.model() + " is closed");
    }
    if (batch.size() > spec.maxBatch()) {
      throw new IllegalArgumentException(
          "batch of %d pairs, engine was opened for %d".formatted(batch.size(), spec.maxBatch()));
    }
    try {
      if (batch.size() > 1 && batches) {
        together(batch);
      } else {
        for (int i = 0; i < batch.size(); i++) {
          alone(batch.slot(i));
        }
      }
    } catch (OrtException e) {
      throw new EngineException(
          "inference of model %s failed: %s".formatted(spec.model(), e.getMessage()), e);
    }
  }

  private void alone(FusionBatch.Slot slot) throws OrtException {
    for (Plane port : ports.inputs()) {
      inputs.put(port.name(), tensors(port).of(plane(slot, port)));
    }
    for (Plane port : ports.outputs()) {
      outputs.put(port.name(), tensors(port).of(plane(slot, port)));
    }
    run(slot.labels() != null);
  }

  private void together(FusionBatch batch) throws OrtException {
    int n = batch.size();
    for (Plane port : ports.inputs()) {
      Slab slab = slab(port);
      for (int i = 0; i < n; i++) {
        slab.gather(i, plane(batch.slot(i), port));
      }
      inputs.put(port.name(), slab.tensor(n));
    }
    for (Plane port : ports.outputs()) {
      outputs.put(port.name(), slab(port).tensor(n));
    }
    boolean labels = false;
    for (int i = 0; i < n; i++) {
      labels |= batch.slot(i).labels() != null;
    }
    run(labels);
    for (Plane port : ports.outputs()) {
      for (int i = 0; i < n; i++) {
        slab(port).scatter(i, plane(batch.slot(i), port));
      }
    }
  }

  private void run(boolean labels) throws OrtException {
    // Every output is pinned, so the result owns nothing; closing it frees its own bookkeeping.
    if (labels || fusedOnly == null) {
      session.run(inputs, Set.of(), outputs, stop).close();
    } else {
      OnnxTensor fused = outputs.get(ModelManifest.FUSED_Y);
      fusedOutput.put(ModelManifest.FUSED_Y, fused);
      fusedOnly.run(inputs, Set.of(), fusedOutput, stop).close();
    }
  }

  private ByteBuffer plane(FusionBatch.Slot slot, Plane port) {
    ByteBuffer wanted = slot.plane(port.name());
    ByteBuffer plane = wanted == null ? unwantedLabels : wanted;
    if (plane == null) {
      throw new AssertionError("labels of a model that does not segment");
    }
    return plane;
  }

  private PlaneTensors tensors(Plane port) {
    return find(planes, port);
  }

  private Slab slab(Plane port) {
    return find(slabs, port);
  }

  private static <V> V find(Map<String, V> byName, Plane port) {
    V found = byName.get(port.name());
    if (found == null) {
      throw new AssertionError("port " + port.name() + " was not prepared");
    }
    return found;
  }

  @Override
  public void interrupt() {
    synchronized (stop) {
      if (!stopReleased) {
        try {
          stop.setTerminate(true);
        } catch (OrtException e) {
          LOG.warn("a run cannot be ended: {}", e.getMessage());
        }
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    synchronized (stop) {
      stopReleased = true;
      stop.close();
    }
    planes.values().forEach(PlaneTensors::close);
    slabs.values().forEach(Slab::close);
    closeQuietly(session);
    closeQuietly(fusedOnly);
  }

  static void closeQuietly(@Nullable OrtSession session) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (OrtException e) {
      LOG.warn("closing a session failed: {}", e.getMessage());
    }
  }
}

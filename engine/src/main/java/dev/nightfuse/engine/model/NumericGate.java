package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets an engine in only when it gives, on the golden pairs, what the model's FP32 graph gave:
 * alone and in the largest batch. Engines of some networks have been wrong without saying so.
 *
 * <p>The reference outputs are those recorded beside the model; where none were recorded, a
 * reference backend runs the same file. Stateless; safe for every thread.
 */
public final class NumericGate {

  private final @Nullable EngineProvider reference;

  /**
   * @param reference runs models that bring no recorded outputs; null refuses those
   */
  public NumericGate(@Nullable EngineProvider reference) {
    this.reference = reference;
  }

  /**
   * An engine that passed and whose {@link FusionEngine#check()} runs a golden pair again.
   *
   * @throws EngineException with the figures when it did not pass; the engine is still open then
   */
  public FusionEngine admit(ModelFile model, FusionEngine engine) throws EngineException {
    PlaneOutputs expected = expected(model, engine.spec());
    EngineCheck found = measure(model, engine, expected);
    if (!found.passed()) {
      throw new EngineException(
          "model %s on %s is too far from its FP32 reference: %s"
              .formatted(model.manifest().name(), engine.spec().backend(), found));
    }
    return new CheckedEngine(engine, model.manifest().limits(), expected);
  }

  /** The figures, whatever they are. */
  public EngineCheck measure(ModelFile model, FusionEngine engine) throws EngineException {
    return measure(model, engine, expected(model, engine.spec()));
  }

  private static EngineCheck measure(ModelFile model, FusionEngine engine, PlaneOutputs expected)
      throws EngineException {
    EngineSpec spec = engine.spec();
    List<FormulaPair> pairs = new ArrayList<>();
    EngineCheck worst = new EngineCheck(Double.POSITIVE_INFINITY, 1, model.manifest().limits());
    for (int i = 0; i < expected.fused().size(); i++) {
      FormulaPair pair = FormulaPair.of(spec.widthPx(), spec.heightPx(), i);
      pairs.add(pair);
      PlaneOutputs alone = PlaneOutputs.of(engine, List.of(pair));
      worst = worst.and(alone.check(0, expected, i, worst.limits()));
    }
    if (spec.maxBatch() > 1) {
      List<FormulaPair> full = new ArrayList<>();
      for (int i = 0; i < spec.maxBatch(); i++) {
        full.add(pairs.get(i % pairs.size()));
      }
      PlaneOutputs together = PlaneOutputs.of(engine, full);
      for (int i = 0; i < full.size(); i++) {
        worst = worst.and(together.check(i, expected, i % pairs.size(), worst.limits()));
      }
    }
    return worst;
  }

  private PlaneOutputs expected(ModelFile model, EngineSpec spec) throws EngineException {
    Path directory = model.onnx().toAbsolutePath().getParent();
    PlaneOutputs outputs = null;
    if (directory != null && Files.exists(directory.resolve(GoldenFile.NAME))) {
      outputs = GoldenFile.read(directory);
    } else if (reference != null) {
      outputs = PlaneOutputs.of(reference, model, spec.widthPx(), spec.heightPx());
    }
    if (outputs == null || outputs.fused().isEmpty()) {
      throw new EngineException(
          "model %s has no recorded FP32 outputs to be judged by; import it without --no-golden"
              .formatted(model.manifest().name()));
    }
    require(outputs.fused(), spec.widthPx() * spec.heightPx(), model);
    require(outputs.labels(), spec.labelWidthPx() * spec.labelHeightPx(), model);
    return outputs;
  }

  private static void require(List<ByteBuffer> planes, int sizeBytes, ModelFile model)
      throws EngineException {
    for (ByteBuffer plane : planes) {
      if (plane.capacity() != sizeBytes) {
        throw new EngineException(
            "%s of model %s has planes of %d bytes, the model's have %d: import the model again"
                .formatted(GoldenFile.NAME, model.manifest().name(), plane.capacity(), sizeBytes));
      }
    }
  }
}

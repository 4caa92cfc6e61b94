package dev.nightfuse.engine.model;

import dev.nightfuse.engine.CheckLimits;
import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a model makes of the formula pairs.
 *
 * @param fused a luma plane per pair
 * @param labels a label map per pair; empty when the model does not segment
 */
record PlaneOutputs(List<ByteBuffer> fused, List<ByteBuffer> labels) {

  /** Pairs a model is measured on. */
  static final int PAIRS = 2;

  static PlaneOutputs of(EngineProvider provider, ModelFile model, int widthPx, int heightPx)
      throws EngineException {
    int threads = Math.min(8, Runtime.getRuntime().availableProcessors());
    try (FusionEngine engine =
        provider.open(model, new EngineOptions(widthPx, heightPx, 1, threads))) {
      PlaneOutputs outputs = new PlaneOutputs(new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < PAIRS; i++) {
        PlaneOutputs one = of(engine, List.of(FormulaPair.of(widthPx, heightPx, i)));
        outputs.fused.addAll(one.fused);
        outputs.labels.addAll(one.labels);
      }
      return outputs;
    }
  }

  /** What an open engine makes of these pairs, all in one batch. */
  static PlaneOutputs of(FusionEngine engine, List<FormulaPair> pairs) throws EngineException {
    EngineSpec spec = engine.spec();
    List<ByteBuffer> fused = new ArrayList<>();
    List<ByteBuffer> labels = new ArrayList<>();
    FusionBatch batch = new FusionBatch(pairs.size());
    for (FormulaPair pair : pairs) {
      ByteBuffer plane = FormulaPair.direct(spec.widthPx() * spec.heightPx());
      fused.add(plane);
      ByteBuffer map = null;
      if (spec.segments()) {
        map = FormulaPair.direct(spec.labelWidthPx() * spec.labelHeightPx());
        labels.add(map);
      }
      batch.add(pair.y(), pair.u(), pair.v(), pair.infrared(), plane, map);
    }
    engine.fuse(batch);
    return new PlaneOutputs(fused, labels);
  }

  /** One pair's outputs against one pair's of the reference. */
  EngineCheck check(int index, PlaneOutputs reference, int referenceIndex, CheckLimits limits) {
    double equal = 1;
    if (!labels.isEmpty() && !reference.labels.isEmpty()) {
      ByteBuffer a = labels.get(index);
      ByteBuffer b = reference.labels.get(referenceIndex);
      int same = 0;
      for (int i = 0; i < a.capacity(); i++) {
        same += a.get(i) == b.get(i) ? 1 : 0;
      }
      equal = (double) same / a.capacity();
    }
    ByteBuffer a = fused.get(index);
    ByteBuffer b = reference.fused.get(referenceIndex);
    long squares = 0;
    for (int i = 0; i < a.capacity(); i++) {
      long difference = (long) (a.get(i) & 0xff) - (b.get(i) & 0xff);
      squares += difference * difference;
    }
    double mean = (double) squares / a.capacity();
    // No error gives log10(255^2 / 0): infinite.
    return new EngineCheck(10 * Math.log10(255 * 255 / mean), equal, limits);
  }

  Accuracy against(PlaneOutputs reference) {
    long sum = 0;
    int worst = 0;
    long pixels = 0;
    for (int p = 0; p < fused.size(); p++) {
      ByteBuffer a = fused.get(p);
      ByteBuffer b = reference.fused.get(p);
      for (int i = 0; i < a.capacity(); i++) {
        int difference = Math.abs((a.get(i) & 0xff) - (b.get(i) & 0xff));
        sum += difference;
        worst = Math.max(worst, difference);
      }
      pixels += a.capacity();
    }
    long changed = 0;
    long labelled = 0;
    for (int p = 0; p < Math.min(labels.size(), reference.labels.size()); p++) {
      ByteBuffer a = labels.get(p);
      ByteBuffer b = reference.labels.get(p);
      for (int i = 0; i < a.capacity(); i++) {
        changed += a.get(i) == b.get(i) ? 0 : 1;
      }
      labelled += a.capacity();
    }
    return new Accuracy(
        (double) sum / pixels,
        worst,
        labelled == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) changed / labelled));
  }
}

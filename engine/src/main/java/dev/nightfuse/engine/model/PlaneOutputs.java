package dev.nightfuse.engine.model;

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
    List<ByteBuffer> fused = new ArrayList<>();
    List<ByteBuffer> labels = new ArrayList<>();
    int threads = Math.min(8, Runtime.getRuntime().availableProcessors());
    try (FusionEngine engine =
        provider.open(model, new EngineOptions(widthPx, heightPx, 1, threads))) {
      EngineSpec spec = engine.spec();
      FusionBatch batch = new FusionBatch(1);
      for (int i = 0; i < PAIRS; i++) {
        FormulaPair pair = FormulaPair.of(widthPx, heightPx, i);
        ByteBuffer plane = FormulaPair.direct(widthPx * heightPx);
        fused.add(plane);
        batch.clear();
        if (spec.segments()) {
          ByteBuffer map = FormulaPair.direct(spec.labelWidthPx() * spec.labelHeightPx());
          labels.add(map);
          batch.add(pair.y(), pair.u(), pair.v(), pair.infrared(), plane, map);
        } else {
          batch.add(pair.y(), pair.u(), pair.v(), pair.infrared(), plane, null);
        }
        engine.fuse(batch);
      }
    }
    return new PlaneOutputs(fused, labels);
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
        (double) sum / pixels, worst, labelled == 0 ? 0 : (double) changed / labelled);
  }
}

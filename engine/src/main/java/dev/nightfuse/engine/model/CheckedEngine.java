package dev.nightfuse.engine.model;

import dev.nightfuse.engine.CheckLimits;
import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import java.util.List;

/** An engine that keeps a golden pair at hand; everything else passes through. */
final class CheckedEngine implements FusionEngine {

  private final FusionEngine engine;
  private final CheckLimits limits;
  private final PlaneOutputs expected;
  private final FormulaPair pair;

  CheckedEngine(FusionEngine engine, CheckLimits limits, PlaneOutputs expected) {
    this.engine = engine;
    this.limits = limits;
    this.expected = expected;
    this.pair = FormulaPair.of(engine.spec().widthPx(), engine.spec().heightPx(), 0);
  }

  @Override
  public EngineSpec spec() {
    return engine.spec();
  }

  @Override
  public void fuse(FusionBatch batch) throws EngineException {
    engine.fuse(batch);
  }

  @Override
  public int depth() {
    return engine.depth();
  }

  @Override
  public void begin(FusionBatch batch) throws EngineException {
    engine.begin(batch);
  }

  @Override
  public void finish() throws EngineException {
    engine.finish();
  }

  @Override
  public void interrupt() {
    engine.interrupt();
  }

  @Override
  public EngineCheck check() throws EngineException {
    return PlaneOutputs.of(engine, List.of(pair)).check(0, expected, 0, limits);
  }

  @Override
  public void close() {
    engine.close();
  }
}

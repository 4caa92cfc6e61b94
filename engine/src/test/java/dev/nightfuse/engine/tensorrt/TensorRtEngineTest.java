package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.FusionEngineContract;
import dev.nightfuse.engine.ort.OrtProvider;

/** The contract on a real GPU; skipped, with the probe's reason, where there is none. */
final class TensorRtEngineTest extends FusionEngineContract {

  @Override
  protected EngineProvider provider() {
    return new TensorRtProvider(cache, System.getenv(), new OrtProvider(), System::nanoTime);
  }

  /** One pair and several run in different profiles, whose kernels round differently. */
  @Override
  protected int batchTolerance() {
    return 1;
  }
}

package dev.nightfuse.engine.ort;

import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.FusionEngineContract;

final class OrtEngineTest extends FusionEngineContract {

  @Override
  protected EngineProvider provider() {
    return new OrtProvider();
  }
}

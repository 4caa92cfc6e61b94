package dev.nightfuse.app;

import dev.nightfuse.engine.Availability;
import dev.nightfuse.engine.EngineProvider;

/** The backend that models are measured with. */
final class ModelRuntime {

  private ModelRuntime() {}

  static EngineProvider cpu() throws UserErrorException {
    EngineProvider provider = Nightfuse.engineProviders().get(0);
    Availability here = provider.probe();
    if (!here.available()) {
      throw new UserErrorException(ExitCode.UNAVAILABLE, here.detail());
    }
    return provider;
  }
}

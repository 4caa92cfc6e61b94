package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineSpec;

/** Hears of what engines found about themselves; called on the engine's thread. */
@FunctionalInterface
public interface CheckListener {

  /** Hears nothing. */
  CheckListener NONE = (spec, check) -> {};

  void checked(EngineSpec spec, EngineCheck check);
}

package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.FusionEngine;

/**
 * Opens the configured engine, or the next of its fallback list, for pictures of one size. Called
 * on a thread of the batcher, again after every failure, with growing pauses; may take long.
 */
@FunctionalInterface
public interface EngineOpener {

  /**
   * @param maxBatch most pairs in one call
   * @throws EngineException when no configured engine can be opened; the message says why
   */
  FusionEngine open(int widthPx, int heightPx, int maxBatch) throws EngineException;
}

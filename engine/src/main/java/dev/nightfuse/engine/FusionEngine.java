package dev.nightfuse.engine;

import org.jspecify.annotations.Nullable;

/**
 * A model that is ready to run.
 *
 * <p><b>Thread.</b> Used by one thread at a time, except {@link #interrupt}. <b>States.</b> Open
 * until {@link #close()}, which is idempotent; use afterwards is an {@link IllegalStateException}.
 * <b>Ownership.</b> The planes of a batch belong to the caller before and after the call; the
 * engine may keep native views of them until it is closed, because pools hand the same planes out
 * again.
 */
public interface FusionEngine extends AutoCloseable {

  EngineSpec spec();

  /**
   * Fuses pairs 0 to {@code batch.size() - 1}; returns when the outputs are written. Only while no
   * batch is under way.
   *
   * @throws EngineException when inference failed; outputs are then undefined and the engine should
   *     be reopened
   */
  void fuse(FusionBatch batch) throws EngineException;

  /**
   * Makes a call that is in progress fail soon, where the backend can, and all later ones: the
   * program ends. From any thread, also before or after {@link #close}.
   */
  default void interrupt() {}

  /** Most batches that may be under way, begun and not finished. */
  default int depth() {
    return 1;
  }

  /**
   * Begins a batch. Its inputs have been read when this returns; batch and outputs are the engine's
   * until {@link #finish()} has returned for it.
   *
   * @throws EngineException as {@link #fuse}; nothing is under way then
   */
  default void begin(FusionBatch batch) throws EngineException {
    fuse(batch);
  }

  /**
   * Waits for the oldest batch under way; its outputs are written when this returns.
   *
   * @throws EngineException as {@link #fuse}; nothing is under way then
   */
  default void finish() throws EngineException {}

  /**
   * Runs one known pair and compares, to find an engine that has gone wrong without saying so; null
   * when this engine has nothing to compare with. Takes as long as one pair; only while no batch is
   * under way.
   */
  default @Nullable EngineCheck check() throws EngineException {
    return null;
  }

  /**
   * An engine for the same planes that takes this one's place from now on, or null while there is
   * none. The caller owns it, and closes this one. Only while no batch is under way.
   */
  default @Nullable FusionEngine successor() {
    return null;
  }

  @Override
  void close();
}

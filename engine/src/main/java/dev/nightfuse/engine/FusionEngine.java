package dev.nightfuse.engine;

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
   * Fuses pairs 0 to {@code batch.size() - 1}; returns when the outputs are written.
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

  @Override
  void close();
}

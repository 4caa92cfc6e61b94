package dev.nightfuse.stream;

import org.jspecify.annotations.Nullable;

/**
 * One viewer's bounded queue. {@link #poll} is called by one thread at a time; {@link #close} from
 * any, idempotent.
 */
public interface Subscription extends AutoCloseable {

  /** The next unit, or null when there is none now. Never waits. */
  @Nullable AccessUnit poll();

  /** Units that this viewer lost because it was slow. */
  long dropped();

  /** True when the stream is over and {@link #poll} will give no more. */
  boolean ended();

  @Override
  void close();
}

package dev.nightfuse.dashboard;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for a condition with a deadline. */
final class Await {

  private Await() {}

  /** The first value that is not null. */
  static <T> T value(String what, Duration deadline, Callable<@Nullable T> source)
      throws Exception {
    long endNs = System.nanoTime() + deadline.toNanos();
    while (true) {
      T value = source.call();
      if (value != null) {
        return value;
      }
      if (System.nanoTime() > endNs) {
        throw new AssertionError("waited " + deadline.toSeconds() + " s in vain for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  static void until(String what, Callable<Boolean> condition) throws Exception {
    Boolean unused =
        value(what, Duration.ofSeconds(20), () -> condition.call() ? Boolean.TRUE : null);
  }
}

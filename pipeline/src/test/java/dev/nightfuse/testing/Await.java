package dev.nightfuse.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for a condition, with a deadline that is generous: machines that run tests are busy. */
public final class Await {

  /** For what takes a moment where nothing else runs. */
  public static final Duration USUAL = Duration.ofSeconds(30);

  private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private Await() {}

  /** What is waited for; may throw what {@link #until} then throws. */
  @FunctionalInterface
  public interface Condition<E extends Exception> {
    boolean holds() throws E;
  }

  public static <E extends Exception> void until(String what, Condition<E> condition) throws E {
    until(what, USUAL, condition);
  }

  public static <E extends Exception> void until(
      String what, Duration deadline, Condition<E> condition) throws E {
    long beganNs = System.nanoTime();
    while (!condition.holds()) {
      pause(what, deadline, beganNs);
    }
  }

  /** The first value that is not null. */
  public static <T> T value(String what, Duration deadline, Callable<@Nullable T> source)
      throws Exception {
    long beganNs = System.nanoTime();
    while (true) {
      T value = source.call();
      if (value != null) {
        return value;
      }
      pause(what, deadline, beganNs);
    }
  }

  private static void pause(String what, Duration deadline, long beganNs) {
    if (System.nanoTime() - beganNs > deadline.toNanos()) {
      throw new AssertionError("not within " + deadline.toSeconds() + " s: " + what);
    }
    // An interrupt would make every pause end at once; the time limit of a test interrupts.
    if (Thread.currentThread().isInterrupted()) {
      throw new AssertionError("interrupted while waiting for: " + what);
    }
    LockSupport.parkNanos(STEP_NS);
  }
}

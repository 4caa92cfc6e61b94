package dev.nightfuse.app;

import dev.nightfuse.supervise.SystemdNotifier;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the program until it is told to end (SIGTERM, SIGINT), and tells systemd how it fares: READY
 * after the first picture, which cameras are missing, and the watchdog is fed only while every rig
 * moves. A rig that fails ends the program, so that systemd starts it again.
 */
final class Foreground {

  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);
  private static final long TICK_MS = 500;

  private Foreground() {}

  /**
   * Returns when the process is about to end; the program is closed then.
   *
   * @throws UserErrorException when it cannot start, or a rig has failed
   */
  static void run(Nightfuse nightfuse, Runnable onFirstFrame)
      throws UserErrorException, InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.countDown();
              awaitQuietly(closed);
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try (SystemdNotifier systemd = SystemdNotifier.fromEnvironment()) {
      try (nightfuse) {
        nightfuse.start();
        watch(nightfuse, systemd, stop, onFirstFrame);
        systemd.stopping();
        LOG.info("ending");
      }
    } finally {
      closed.countDown();
    }
  }

  private static void watch(
      Nightfuse nightfuse, SystemdNotifier systemd, CountDownLatch stop, Runnable onFirstFrame)
      throws UserErrorException, InterruptedException {
    RigWatch rigs =
        new RigWatch(nightfuse.rigs().stream().<LongSupplier>map(rig -> rig::movements).toList());
    boolean ready = false;
    String told = "";
    // Quicker until the first frame, so that readiness is told when it comes.
    long tickMs = 20;
    while (!stop.await(tickMs, TimeUnit.MILLISECONDS)) {
      nightfuse.requireWorking();
      nightfuse.renewCertificate();
      if (!ready && rigs.begun()) {
        ready = true;
        tickMs = TICK_MS;
        systemd.ready();
        onFirstFrame.run();
      }
      if (ready && rigs.allMoved()) {
        systemd.watchdog();
      }
      String state = state(nightfuse.missing(), ready);
      if (!state.equals(told)) {
        told = state;
        systemd.status(state);
      }
    }
  }

  private static String state(String missing, boolean ready) {
    if (!missing.isEmpty()) {
      return (ready ? "showing pictures without " : "waiting for ") + missing;
    }
    return ready ? "showing pictures" : "waiting for the engine";
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(5, TimeUnit.SECONDS)) {
        LOG.error("something does not end; leaving it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

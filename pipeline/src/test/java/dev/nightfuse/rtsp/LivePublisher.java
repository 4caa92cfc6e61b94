package dev.nightfuse.rtsp;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Publishes one picture of every stream thirty times a second until closed. */
final class LivePublisher implements AutoCloseable {
  private static final long PERIOD_NS = 33_333_333;

  private final Thread thread;
  private volatile boolean stop;

  LivePublisher(List<FakeStream> streams) {
    thread =
        new Thread(
            () -> {
              long nextNs = System.nanoTime();
              while (!stop) {
                streams.forEach(FakeStream::publish);
                nextNs += PERIOD_NS;
                while (!stop && System.nanoTime() < nextNs) {
                  LockSupport.parkNanos(nextNs - System.nanoTime());
                }
              }
            },
            "test-publisher");
    thread.start();
  }

  @Override
  public void close() {
    stop = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

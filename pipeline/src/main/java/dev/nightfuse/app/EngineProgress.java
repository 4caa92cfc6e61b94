package dev.nightfuse.app;

import dev.nightfuse.engine.tensorrt.BuildListener;

/** How far a plan is, on the terminal. */
final class EngineProgress implements BuildListener, AutoCloseable {

  private static final int STEPS = 100;

  private final Progress bar;
  private int shown;

  EngineProgress(String model) {
    bar = new Progress("plan of " + model, "%");
    bar.total(STEPS);
  }

  @Override
  public void progress(double fraction, String phase) {
    for (; shown < Math.floor(STEPS * fraction); shown++) {
      bar.step();
    }
  }

  @Override
  public void said(String line) {
    // In the log of a service; on a terminal the bar says enough.
  }

  @Override
  public void close() {
    bar.close();
  }
}

package dev.nightfuse.camera;

/** Asks a running source to return. Checked by the source at least every 100 ms. */
@FunctionalInterface
public interface StopSignal {
  boolean stopRequested();
}

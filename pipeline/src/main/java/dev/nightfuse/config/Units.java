package dev.nightfuse.config;

/** Conversion of the units in keys to the units of the program. */
final class Units {

  private Units() {}

  static long msToNs(double ms) {
    return Math.round(ms * 1_000_000.0);
  }
}

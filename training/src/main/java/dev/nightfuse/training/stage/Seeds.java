package dev.nightfuse.training.stage;

/** Seeds that follow from others. */
final class Seeds {

  private Seeds() {}

  /** SplitMix64's finaliser over both: neighbouring steps get unrelated seeds. */
  static long mix(long seed, long step) {
    long z = seed + 0x9e3779b97f4a7c15L * (step + 1);
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}

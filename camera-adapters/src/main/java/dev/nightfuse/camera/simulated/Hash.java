package dev.nightfuse.camera.simulated;

/** Stateless pseudo-random numbers: the same arguments give the same value, in any order. */
final class Hash {

  private Hash() {}

  /** 64 well mixed bits (the finaliser of SplitMix64 over a combination of the arguments). */
  static long of(long seed, long stream, long index) {
    long z = seed * 0x9E3779B97F4A7C15L + stream * 0xD1B54A32D192ED03L + index;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    return z ^ (z >>> 29);
  }

  /** A number in [0, 1) from byte-aligned bits of a hash; {@code lane} 0 to 4 are independent. */
  static float unit(long hash, int lane) {
    return ((hash >>> (lane * 12)) & 0xFFFF) / 65536f;
  }

  /** A number in [low, high). */
  static float range(long hash, int lane, float low, float high) {
    return low + (high - low) * unit(hash, lane);
  }
}

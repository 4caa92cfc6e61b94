package dev.nightfuse.training.data;

/**
 * Random numbers that are the same on every machine and in every version: SplitMix64 (Steele, Lea,
 * Flood 2014). A new one for every sample makes each sample a pure function of its seed.
 */
final class Dice {

  private static final long STEP = 0x9e3779b97f4a7c15L;

  private long state;
  private double spareNormal = Double.NaN;

  Dice(long seed) {
    this.state = seed;
  }

  /** A seed that depends on every one of the numbers and on their order. */
  static long seed(long first, long... more) {
    long mixed = mix(first + STEP);
    for (long value : more) {
      mixed = mix(mixed ^ mix(value + STEP));
    }
    return mixed;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  long bits() {
    state += STEP;
    return mix(state);
  }

  /** 0 up to, without, 1. */
  double unit() {
    return (bits() >>> 11) * 0x1p-53;
  }

  double between(double low, double high) {
    return low + (high - low) * unit();
  }

  /** Evenly on a logarithmic scale. */
  double ratio(double low, double high) {
    return Math.exp(between(Math.log(low), Math.log(high)));
  }

  /** 0 up to, without, {@code bound}. */
  int below(int bound) {
    return (int) (unit() * bound);
  }

  boolean chance(double probability) {
    return unit() < probability;
  }

  double normal() {
    double spare = spareNormal;
    if (!Double.isNaN(spare)) {
      spareNormal = Double.NaN;
      return spare;
    }
    double radius = Math.sqrt(-2 * Math.log(1 - unit()));
    double angle = 2 * Math.PI * unit();
    spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** The numbers 0 up to, without, {@code n} in random order. */
  int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}

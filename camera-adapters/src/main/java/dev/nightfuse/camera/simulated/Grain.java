package dev.nightfuse.camera.simulated;

import java.util.Random;

/**
 * Sensor noise from a tile of normal samples, entered at a new place for every row of every frame:
 * never seen twice in the same order, and free of any random number per pixel.
 */
final class Grain {

  /** No sample is further from 0; developers keep this much head room instead of clamping. */
  static final int PEAK = 12;

  private static final int SIZE = 1 << 16;

  /** Whole grey levels; the head is repeated after the end, so that a row never wraps. */
  final byte[] tile;

  private final long seed;

  Grain(long seed, double sigma, int longestRow) {
    this.seed = seed;
    this.tile = new byte[SIZE + longestRow];
    Random random = new Random(seed);
    for (int i = 0; i < SIZE; i++) {
      // Rounding with a dither keeps small sigmas from vanishing.
      double sample = random.nextGaussian() * sigma + random.nextDouble() - 0.5;
      tile[i] = (byte) Math.max(-PEAK, Math.min(PEAK, Math.round(sample)));
    }
    System.arraycopy(tile, 0, tile, SIZE, longestRow);
  }

  /** Where the tile is entered for a row; as many samples as the longest row follow. */
  int entry(long frame, int row) {
    return (int) Hash.of(seed, frame, row) & (SIZE - 1);
  }
}

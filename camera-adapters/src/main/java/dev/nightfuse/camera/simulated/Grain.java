package dev.nightfuse.camera.simulated;

/**
 * Sensor noise from a tile of normal samples, entered at a new place for every row of every frame.
 * Never heard twice in the same order, and free of any per-pixel random number.
 */
final class Grain {

  private static final int SIZE = 1 << 16;
  private static final int MASK = SIZE - 1;

  /** Normal samples, standard deviation {@value #SIGMA}; the head is repeated after the end. */
  final byte[] tile;

  static final int SIGMA = 24;

  private final long seed;

  Grain(long seed, int longestRow) {
    this.seed = seed;
    this.tile = new byte[SIZE + longestRow];
    java.util.Random random = new java.util.Random(seed);
    for (int i = 0; i < SIZE; i++) {
      tile[i] = (byte) Math.max(-127, Math.min(127, Math.round(random.nextGaussian() * SIGMA)));
    }
    System.arraycopy(tile, 0, tile, SIZE, longestRow);
  }

  /** Where the tile is entered for a row; as many samples as the longest row follow. */
  int entry(long frame, int row) {
    return (int) Hash.of(seed, frame, row) & MASK;
  }
}

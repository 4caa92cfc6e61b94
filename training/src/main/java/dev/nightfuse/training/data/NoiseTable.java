package dev.nightfuse.training.data;

/** Normal noise drawn once; each use starts at another place of the table. Immutable. */
final class NoiseTable {

  static final int LENGTH = 1 << 16;

  /** In 1/1024 of the deviation. */
  private final short[] table = new short[LENGTH];

  NoiseTable() {
    Dice dice = new Dice(0x6e6f697365L);
    for (int i = 0; i < LENGTH; i++) {
      // Four deviations; the rest is one sample in 16000.
      table[i] = (short) Math.round(Math.max(-4, Math.min(4, dice.normal())) * 1024);
    }
  }

  /** Puts levels through a curve and adds noise. */
  void add(byte[] levels, byte[] curve, double deviation, int start) {
    int scale = (int) Math.round(deviation * 64);
    // An odd stride that shares no factor with the length visits every place.
    int place = start;
    for (int i = 0; i < levels.length; i++) {
      place = (place + 40503) & (LENGTH - 1);
      int level = (curve[levels[i] & 0xff] & 0xff) + ((table[place] * scale + 0x8000) >> 16);
      levels[i] = (byte) Math.max(0, Math.min(255, level));
    }
  }
}

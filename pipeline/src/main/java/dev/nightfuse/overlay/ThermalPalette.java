package dev.nightfuse.overlay;

import java.util.Locale;
import java.util.Optional;

/**
 * False colours for thermal pictures, from cold to hot. Each is a few colours at equal distances
 * (RRGGBB), with straight lines between them.
 */
public enum ThermalPalette {
  WHITE_HOT("000000 ffffff"),
  BLACK_HOT("ffffff 000000"),
  /** Dark blue over violet and orange to pale yellow, like heated iron. */
  IRON("00000c 2b0a6b 7a109c b8237f e2503a f58b14 fdc52c fff6c8"),
  /** The spectrum, for small differences. */
  RAINBOW("14045a 0b3ad0 0a97e0 10b873 63cf1d e6dd12 f78a0c e5200f ffd9d9"),
  /** Blue for cold, gold for warm. */
  ARCTIC("060a2c 10318f 2a7fd6 6fc3e8 8c8f8a c08a2c f2b01e fff1b0"),
  /** Black and white, and only the hottest tenth in red and yellow. */
  HOT_SPOT("000000 1c1c1c 383838 545454 707070 8c8c8c a8a8a8 c4c4c4 d8d8d8 ff3010 ffe040"),
  /** Black over green to white, easy on eyes that are used to the dark. */
  NIGHT_GREEN("000400 06300c 0f6a1c 2fae34 8ae06a f0ffe0");

  private static final int DIGITS = 7;

  private final String stops;

  ThermalPalette(String stops) {
    this.stops = stops;
  }

  /** The name in configuration and on the dashboard: {@code white-hot}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<ThermalPalette> byLabel(String label) {
    for (ThermalPalette palette : values()) {
      if (palette.label().equals(label)) {
        return Optional.of(palette);
      }
    }
    return Optional.empty();
  }

  /** Colour of a thermal value of 0 to 255, as 0xRRGGBB. Slow: for making tables. */
  public int rgb(int value) {
    int last = (stops.length() + 1) / DIGITS - 1;
    int scaled = value * last;
    int index = Math.min(scaled / 255, last - 1);
    int part = scaled - index * 255;
    int cold = stop(index);
    int hot = stop(index + 1);
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int mixed = ((cold >> shift) & 0xff) * (255 - part) + ((hot >> shift) & 0xff) * part;
      rgb |= ((mixed + 127) / 255) << shift;
    }
    return rgb;
  }

  private int stop(int index) {
    return Integer.parseInt(stops, index * DIGITS, index * DIGITS + DIGITS - 1, 16);
  }
}

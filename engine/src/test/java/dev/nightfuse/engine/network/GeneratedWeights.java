package dev.nightfuse.engine.network;

/**
 * Weights and inputs by formula, as the golden vectors' generator describes them (hash of the key,
 * splitmix64), so that networks are tested against their authors' code without any checkpoint.
 */
public final class GeneratedWeights {

  private GeneratedWeights() {}

  public static ParameterStore store() {
    return FormulaWeights.store();
  }

  static Parameter parameter(String key, Shape shape) {
    return FormulaWeights.parameter(key, shape);
  }

  static long fnv1a64(String name) {
    return FormulaWeights.fnv1a64(name);
  }

  static double u(long seed, long i) {
    return FormulaWeights.u(seed, i);
  }

  /** Formula picture {@code [3, height, width]}, 0 to 255. */
  public static int[] visible(int height, int width) {
    int[] picture = new int[3 * height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        picture[at] = (7 * x + 3 * y + (x * y) / 5) % 256;
        picture[height * width + at] = (2 * x + 11 * y + ((x - y) * (x - y)) / 7) % 256;
        picture[2 * height * width + at] = 255 - ((5 * x + 2 * y + (x * x) / 9) % 256);
      }
    }
    return picture;
  }

  /** Formula picture {@code [height, width]}, 0 to 255, with a warm disc. */
  public static int[] infrared(int height, int width) {
    int[] picture = new int[height * width];
    int radius = Math.min(height, width) / 5;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int dx = x - width / 3;
        int dy = y - height / 2;
        boolean disc = dx * dx + dy * dy < radius * radius;
        picture[y * width + x] = disc ? 230 + (x + y) % 25 : (3 * x + 5 * y) % 200;
      }
    }
    return picture;
  }

  /** To 0..1 in float32, as the reference divides. */
  public static float[] unit(int[] picture) {
    float[] values = new float[picture.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = picture[i] / 255f;
    }
    return values;
  }
}
